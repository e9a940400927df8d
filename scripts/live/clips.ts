/** The picture and the two voices of the pass, made of the fixtures. */
import { checkFile } from '../../nodes/WaveSpeedInfiniteTalk/inputs/checkFile';
import type { InputName } from '../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import type { FileMedia, LocalFile } from '../../nodes/WaveSpeedInfiniteTalk/inputs/request';
import { HEAD_BYTES } from '../../nodes/WaveSpeedInfiniteTalk/probe/fileType';
import { fixture, sha256 } from '../../test/testbed/fixtures';

/** Above the 3.3 s that the model needs, and just below the 5 s that are billed at least. */
export const CLIP_S = 4.8;

/** Of a WAV file with nothing but its format and its sound, as the fixtures are. */
const HEADER_BYTES = 44;

/**
 * The three files as the node has them after its checks.
 *
 * @throws JobError when the node would not take one of them
 */
export async function clips(): Promise<Record<InputName, FileMedia>> {
	return {
		image: await checked('image', 'live-pair.png', fixture('pair.png').content),
		leftAudio: await checked('leftAudio', 'live-left.wav', repeated('left-voice.wav')),
		rightAudio: await checked('rightAudio', 'live-right.wav', repeated('right-voice.wav')),
	};
}

async function checked(input: InputName, name: string, content: Buffer): Promise<FileMedia> {
	const file: LocalFile = {
		name,
		declaredType: '',
		size: content.length,
		identity: sha256(content),
		head: async () => content.subarray(0, HEAD_BYTES),
		open: async () => content,
	};
	return await checkFile(input, file);
}

/** The voice again and again, {@link CLIP_S} long. */
function repeated(name: string): Buffer {
	const voice = fixture(name).content;
	const bytesPerSecond = voice.readUInt32LE(28);
	const sound = Buffer.alloc(CLIP_S * bytesPerSecond, voice.subarray(HEADER_BYTES));
	const header = Buffer.from(voice.subarray(0, HEADER_BYTES));
	header.writeUInt32LE(HEADER_BYTES - 8 + sound.length, 4);
	header.writeUInt32LE(sound.length, HEADER_BYTES - 4);
	return Buffer.concat([header, sound]);
}
