/** The picture and the two voices of the pass, made of the fixtures. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { measureDuration } from '../../nodes/WaveSpeedInfiniteTalk/audio/duration';
import { checkFile } from '../../nodes/WaveSpeedInfiniteTalk/job/checkFile';
import type { InputName } from '../../nodes/WaveSpeedInfiniteTalk/job/inputs';
import type { FileMedia, LocalFile } from '../../nodes/WaveSpeedInfiniteTalk/job/request';
import { HEAD_BYTES } from '../../nodes/WaveSpeedInfiniteTalk/media/fileType';
import { ROOT } from '../../test/testbed/lib/paths';

/** Above the 3.3 s that the model needs, and just below the 5 s that are billed at least. */
export const CLIP_S = 4.8;

const RIFF_SIZE_AT = 4;

/**
 * The three files as the node has them after its checks.
 *
 * @throws JobError when the node would not take one of them
 */
export async function clips(): Promise<Record<InputName, FileMedia>> {
	const image = await fixture('pair.png');
	const [left, right] = [await fixture('left-voice.wav'), await fixture('right-voice.wav')];
	return {
		image: await checked('image', 'live-pair.png', image),
		leftAudio: await checked('leftAudio', 'live-left.wav', await repeated(left)),
		rightAudio: await checked('rightAudio', 'live-right.wav', await repeated(right)),
	};
}

async function fixture(name: string): Promise<Buffer> {
	return await readFile(path.join(ROOT, 'test', 'fixtures', name));
}

async function checked(input: InputName, name: string, content: Buffer): Promise<FileMedia> {
	const file: LocalFile = {
		name,
		declaredType: '',
		size: content.length,
		identity: createHash('sha256').update(content).digest('hex'),
		head: async () => content.subarray(0, HEAD_BYTES),
		open: async () => content,
	};
	return await checkFile(input, file);
}

/** The voice again and again, {@link CLIP_S} long. */
async function repeated(voice: Buffer): Promise<Buffer> {
	const { wav } = await measureDuration([voice]);
	if (!wav) throw new Error('The voice is no WAV file.');
	const { dataStart, dataBytes, format } = wav;
	const clip = Buffer.alloc(dataStart + Math.round(CLIP_S * format.sampleRate) * format.blockAlign);
	voice.copy(clip, 0, 0, dataStart);
	clip.fill(voice.subarray(dataStart, dataStart + dataBytes), dataStart);
	clip.writeUInt32LE(clip.length - 8, RIFF_SIZE_AT);
	clip.writeUInt32LE(clip.length - dataStart, dataStart - 4);
	return clip;
}
