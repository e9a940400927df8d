/** The sound of a WAV file, read in whole blocks. */
import type { OpenContent, WavSound } from './sound';

/** Bytes that are converted at once, so that a file in one chunk does not hold up the process. */
const MAX_CHUNK_BYTES = 256 * 1024;

/**
 * The sound in chunks of whole blocks: one sample of each channel.
 *
 * @throws RangeError when the file is shorter than it was
 */
export async function* readBlocks(
	{ dataStart, units, format }: WavSound,
	open: OpenContent,
): AsyncGenerator<Buffer, void, void> {
	const { blockAlign } = format;
	const step = MAX_CHUNK_BYTES - (MAX_CHUNK_BYTES % blockAlign);
	let skip = dataStart;
	let left = units * blockAlign;
	let rest = Buffer.alloc(0);
	for await (const chunk of await open()) {
		const sound = chunk.subarray(skip).subarray(0, left);
		skip = Math.max(0, skip - chunk.length);
		left -= sound.length;
		const bytes = rest.length > 0 ? Buffer.concat([rest, sound]) : sound;
		const whole = bytes.length - (bytes.length % blockAlign);
		for (let at = 0; at < whole; at += step) {
			yield bytes.subarray(at, Math.min(at + step, whole));
		}
		rest = Buffer.from(bytes.subarray(whole));
		if (left === 0) return;
	}
	if (left > 0) throw new RangeError('The file is shorter than when it was measured');
}
