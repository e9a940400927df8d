/** Tracks as MP3 files: the frames of their sounds, silent frames between them, and one that counts them. */
import { bitrateIndexOf, emptyFrame, sideInfoBytes, silentFrame } from './mp3Frame';
import { readFrames } from './mp3Frames';
import type { Mp3Sound } from './sound';
import type { TrackPart, TrackWriter } from './track';

const HEADER_BYTES = 4;
/** Name, flags, frames, bytes and seek table. */
const INFO_BYTES = 4 + 4 + 4 + 4 + 100;
const HAS_FRAMES_BYTES_AND_TABLE = 7;
const SEEK_POINTS = 100;
/** Silent frames that are given out at once. */
const BATCH_FRAMES = 256;

/**
 * @param parts MP3 sounds of one rate and number of channels
 * @param units frames of the track
 * @param like an MP3 sound whose version and rate the track has
 */
export function mp3Writer(parts: readonly TrackPart[], units: number, like: Mp3Sound): TrackWriter {
	const sounds = parts.map(({ sound }) => sound as Mp3Sound);
	const { header } = sounds[0] ?? like;
	const index = bitrateIndexOf(header);
	// Where all frames have one bit rate, even a reader that takes no notice of the count is right.
	const isConstant = sounds.every(
		(sound) => sound.isConstant && bitrateIndexOf(sound.header) === index,
	);
	const silent = silentFrame(header, isConstant ? index : undefined);
	const soundUnits = sounds.reduce((sum, sound) => sum + sound.units, 0);
	const soundBytes = sounds.reduce((sum, sound) => sum + sound.bytes, 0);
	const bodyBytes = soundBytes + (units - soundUnits) * silent.length;
	const head = infoFrame(header, isConstant, units, bodyBytes, (headBytes) =>
		seekTable(parts, units, silent.length, headBytes),
	);
	return {
		type: 'audio/mpeg',
		extension: 'mp3',
		size: head.length + bodyBytes,
		head,
		silence: (count) => repeatFrame(silent, count),
		sound: soundFrames,
	};
}

/** The frames of a sound. @throws RangeError when they are others than those that were measured */
async function* soundFrames({ sound, open }: TrackPart): AsyncGenerator<Buffer, void, void> {
	let units = 0;
	let bytes = 0;
	for await (const frames of readFrames(open)) {
		const batch = Buffer.concat(frames);
		units += frames.length;
		bytes += batch.length;
		yield batch;
	}
	if (units !== sound.units || bytes !== (sound as Mp3Sound).bytes) {
		throw new RangeError('The file has changed since it was measured');
	}
}

function* repeatFrame(frame: Buffer, count: number): Generator<Buffer, void, void> {
	const batch = Buffer.concat(new Array<Buffer>(Math.min(count, BATCH_FRAMES)).fill(frame));
	for (let left = count; left > 0; left -= BATCH_FRAMES) {
		yield batch.subarray(0, left * frame.length);
	}
}

/**
 * The frame that players read the length from. Decoders that do not know it find silence in it. "Info" is
 * its name where all frames have one bit rate, "Xing" where they do not.
 *
 * @param seekTableFor gets the size of this very frame
 */
function infoFrame(
	header: Buffer,
	isConstant: boolean,
	frames: number,
	bodyBytes: number,
	seekTableFor: (headBytes: number) => Buffer,
): Buffer {
	const at = HEADER_BYTES + sideInfoBytes(header);
	const frame = emptyFrame(
		header,
		at + INFO_BYTES,
		isConstant ? bitrateIndexOf(header) : undefined,
	);
	frame.write(isConstant ? 'Info' : 'Xing', at, 'latin1');
	frame.writeUInt32BE(HAS_FRAMES_BYTES_AND_TABLE, at + 4);
	frame.writeUInt32BE(frames, at + 8);
	frame.writeUInt32BE(frame.length + bodyBytes, at + 12);
	seekTableFor(frame.length).copy(frame, at + 16);
	return frame;
}

/** For each hundredth of the time, where in the file it is, in 256ths of the file. */
function seekTable(
	parts: readonly TrackPart[],
	units: number,
	silentBytes: number,
	headBytes: number,
): Buffer {
	const points = [{ unit: 0, byte: headBytes }];
	const add = (end: number, bytes: number) => {
		points.push({ unit: end, byte: points.at(-1)!.byte + bytes });
	};
	for (const { at, sound } of parts) {
		add(at, (at - points.at(-1)!.unit) * silentBytes);
		add(at + sound.units, (sound as Mp3Sound).bytes);
	}
	add(units, (units - points.at(-1)!.unit) * silentBytes);
	const size = points.at(-1)!.byte;
	const table = Buffer.alloc(SEEK_POINTS);
	let next = 1;
	for (let percent = 0; percent < SEEK_POINTS; percent++) {
		const unit = (percent / SEEK_POINTS) * units;
		while (next < points.length - 1 && points[next]!.unit <= unit) next++;
		const [from, to] = [points[next - 1]!, points[next]!];
		const share = to.unit > from.unit ? (unit - from.unit) / (to.unit - from.unit) : 0;
		const byte = from.byte + share * (to.byte - from.byte);
		table[percent] = Math.min(255, Math.floor((byte / size) * 256));
	}
	return table;
}
