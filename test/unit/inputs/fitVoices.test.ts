/** Files of silence and padding, and what the voices of a job last. */
import { describe, expect, it } from '@jest/globals';
import { silentWav } from '../tracks/support/silence';
import { fitVoices } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fitVoices';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type {
	CheckedRequest,
	FileMedia,
	FittedRequest,
	Silence,
} from '../../../nodes/WaveSpeedInfiniteTalk/inputs/request';
import { aacFrames, mp3, wav } from '../probe/support/build';
import { measure } from '../probe/support/measure';
import { jobErrorOf } from '../support/failures';
import { readAll } from '../support/http';
import {
	createContents,
	createFile,
	createFitted,
	createMedia,
	type TestFile,
} from '../support/job';

const SILENCE: Silence = { silence: true };

function voice(content: Buffer): { file: TestFile; type: string } {
	return { file: createFile(content, { name: 'voice.wav' }), type: 'audio/wav' };
}

/** 16 kHz, mono, 16 bit. */
function sound(seconds: number): Buffer {
	return silentWav(seconds).fill(1, 44);
}

async function fit(
	leftAudio: FileMedia | Silence,
	rightAudio: FileMedia | Silence,
	more: Partial<CheckedRequest> = {},
): Promise<FittedRequest> {
	const { image } = createMedia();
	const request = { ...createFitted(), ...more, media: { image, leftAudio, rightAudio } };
	return await fitVoices(request, createContents());
}

/** The content of a file, which is as long as it says. */
async function read(media: FileMedia): Promise<Buffer> {
	const content = await readAll(await media.file.open());
	expect(content).toHaveLength(media.file.size);
	return content;
}

describe('silence', () => {
	it('is made piece by piece, as long as the other voice in hundredths', async () => {
		const { media, durationS } = await fit(voice(sound(4.2304)), SILENCE);
		expect((await read(media.rightAudio!)).equals(silentWav(4.24))).toBe(true);
		for await (const chunk of await media.rightAudio!.file.open()) {
			expect((chunk as Buffer).length).toBeLessThanOrEqual(64 * 1024);
		}
		expect(durationS).toBe(4.24);
	});

	it('is told apart by its length, and has a name and a type', async () => {
		const [{ media }, other] = [
			await fit(voice(sound(4)), SILENCE),
			await fit(voice(sound(5)), SILENCE),
		];
		const { file, type } = media.rightAudio! as { file: TestFile; type: string };
		expect([type, file.name, file.declaredType]).toEqual(['audio/wav', 'silence.wav', 'audio/wav']);
		expect(file.fileId).toMatch(/^[0-9a-f]{64}$/);
		expect(other.media.rightAudio!).not.toMatchObject({ file: { fileId: file.fileId } });
	});

	it('is not made for a voice that is too long', async () => {
		const days = wav(Buffer.alloc(16_000), { rate: 1, bits: 8 });
		const refusal = await jobErrorOf(fit(voice(days), SILENCE));
		expect(refusal.message).toMatch(/^Left Audio and Right Audio: the video would last 16000 s,/);
		expect(refusal.advice).toBe('Use shorter voices.');
		expect(refusal.details).toEqual({ step: 'check' });
		const limits = { model: MODELS.longcatAvatar15 };
		const longcat = await jobErrorOf(fit(voice(sound(65)), SILENCE, limits));
		expect(longcat.advice).toBe('Use shorter voices, or choose another Model in the options.');
	});

	it('is not made beside a file that does not tell its length', async () => {
		const refusal = await jobErrorOf(fit(voice(Buffer.from('no sound')), SILENCE));
		expect(refusal.message).toContain('Left Audio, but the length of that file is unknown');
		expect(refusal.advice).toBe(
			'Use a WAV or MP3 file for Left Audio, or choose who speaks first in Speaking Order.',
		);
	});
});

describe('padding', () => {
	it('puts frames of silence behind an MP3 voice', async () => {
		const short = { file: createFile(mp3(100), { name: 'voice.mp3' }), type: 'audio/mpeg' };
		const { media, durationS, notes } = await fit(short, voice(sound(10)));
		expect(media.leftAudio!).toMatchObject({ type: 'audio/mpeg', file: { name: 'voice.mp3' } });
		expect(measure(await read(media.leftAudio!))).toBeCloseTo(10, 1);
		expect(durationS).toBeCloseTo(10, 1);
		expect(notes).toEqual([expect.stringContaining('Silence is added to the shorter one')]);
	});

	it('leaves voices that are as good as equal', async () => {
		const { media } = await fit(voice(sound(4)), voice(sound(4.09)));
		expect((await read(media.leftAudio!)).equals(sound(4))).toBe(true);
	});

	it('reads a WAV voice for its check, for the padded digest, and for each upload', async () => {
		const short = voice(sound(4));
		const { media } = await fit(short, voice(sound(5)));
		expect(short.file.opened).toBe(2);
		for (let upload = 0; upload < 2; upload++) await read(media.leftAudio!);
		expect(short.file.opened).toBe(4);
	});

	const long = wav(Buffer.alloc(599_000), { rate: 1_000, bits: 8 });
	const huge = wav(Buffer.alloc(192_000 * 4), { rate: 192_000, bits: 32 });
	it.each<[string, Buffer, string, string]>([
		['another format', aacFrames(20), 'audio/aac', 'Left Audio is neither WAV nor MP3'],
		['no known length', Buffer.from('no sound'), 'audio/mpeg', 'the length of Left Audio is not'],
		['a size that cannot be uploaded', huge, 'audio/wav', 'Left Audio would be too large'],
	])('of %s is left out, with a note', async (_name, content, type, reason) => {
		const left = { file: createFile(content, { name: 'voice' }), type };
		const { media, notes } = await fit(left, voice(long));
		expect((await read(media.leftAudio!)).equals(content)).toBe(true);
		expect(notes.at(-1)).toContain(`No silence is added to the shorter one, because ${reason}`);
	});
});
