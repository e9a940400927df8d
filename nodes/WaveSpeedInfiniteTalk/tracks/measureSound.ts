/** Reads a sound file for what a track needs to know of it. */
import { Probe } from '../probe/probe';
import type { WavLayout } from '../probe/wav';
import type { Problem } from '../shared/problem';
import { measureMp3 } from './mp3Frames';
import { canReadSamples } from './samples';
import type { OpenContent, Sound, WavSound } from './sound';

const WANTED = 'Use a 16-bit WAV file or an MP3 file.';

/**
 * @param type media type that the file's bytes tell
 * @param wav of a WAV file, where that is known already: it is not opened then
 * @returns what is wrong, as the end of a sentence about the file
 */
export async function measureSound(
	type: string,
	open: OpenContent,
	wav?: WavLayout,
): Promise<Sound | Problem> {
	if (type === 'audio/wav') return wav ? toWavSound(wav) : await measureWavSound(open);
	if (type === 'audio/mpeg') return await measureMp3(open);
	return { message: 'is neither WAV nor MP3', advice: WANTED };
}

/** Any uncompressed WAV file, with its channels. */
export async function measureWavSound(open: OpenContent): Promise<WavSound | Problem> {
	const probe = new Probe({ name: '', declaredType: '' }, 'audio');
	for await (const chunk of await open()) probe.push(chunk);
	const found = probe.end();
	if (!found || !('kind' in found) || found.problem) {
		return { message: 'contains no sound', advice: WANTED };
	}
	return toWavSound(found.wav);
}

function toWavSound(wav: WavLayout | undefined): WavSound | Problem {
	if (!wav || !canReadSamples(wav.format)) {
		return { message: 'is a WAV file in a compressed or unsupported format', advice: WANTED };
	}
	const { format, dataStart, dataBytes } = wav;
	const samples = Math.floor(dataBytes / format.blockAlign);
	return {
		kind: 'WAV',
		format,
		dataStart,
		sampleRate: format.sampleRate,
		unitSamples: 1,
		units: samples,
		leadSamples: 0,
		samples,
	};
}
