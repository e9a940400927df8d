/** Frames of MP3, which is MPEG audio of layer III (ISO/IEC 11172-3 and 13818-3). */
import { FRAME_HEADER_BYTES, FRAME_SYNC, parseFrameHeader } from '../probe/frameHeader';

const HEADER_BYTES = 4;
const MPEG_1 = 3;
const LAYER_3 = 1;
const MONO = 3;
const MAX_BITRATE_INDEX = 14;

export function isLayer3(header: Buffer): boolean {
	return ((header[1]! >> 1) & 3) === LAYER_3;
}

export function channelsOf(header: Buffer): 1 | 2 {
	return header[3]! >> 6 === MONO ? 1 : 2;
}

/** Index of the bit rate in its table. */
export function bitrateIndexOf(header: Buffer): number {
	return header[2]! >> 4;
}

/** Bytes of the side information, which says where a frame's sound is and how to read it. */
export function sideInfoBytes(header: Buffer): number {
	if (isMpeg1(header)) return channelsOf(header) === 1 ? 17 : 32;
	return channelsOf(header) === 1 ? 9 : 17;
}

function isMpeg1(header: Buffer): boolean {
	return ((header[1]! >> 3) & 3) === MPEG_1;
}

/**
 * An empty frame: no checksum, no padding, and side information of zeros, which is silence.
 *
 * @param like header whose version, rate and channels it has
 * @param minBytes the lowest bit rate with so many bytes is taken
 * @param bitrateIndex lowest bit rate to take
 */
export function emptyFrame(like: Buffer, minBytes: number, bitrateIndex = 1): Buffer {
	for (let index = bitrateIndex; index <= MAX_BITRATE_INDEX; index++) {
		const header = Buffer.alloc(FRAME_HEADER_BYTES);
		header[0] = FRAME_SYNC;
		header[1] = like[1]! | 1;
		header[2] = (index << 4) | (like[2]! & 0x0c);
		// Channels, copyright and original as they are; no channel extension.
		header[3] = like[3]! & 0xcc;
		const { bytes = 0 } = parseFrameHeader(header) ?? {};
		if (bytes < minBytes) continue;
		const frame = Buffer.alloc(bytes);
		header.copy(frame, 0, 0, HEADER_BYTES);
		return frame;
	}
	throw new RangeError(`No frame has ${minBytes} bytes`);
}

/** The smallest silent frame, or one of a certain bit rate. */
export function silentFrame(like: Buffer, bitrateIndex?: number): Buffer {
	return emptyFrame(like, HEADER_BYTES + sideInfoBytes(like), bitrateIndex);
}

/**
 * Makes frames of the middle of a file fit to begin with. A frame's sound may begin in the frames before it
 * (the bit reservoir). Where these are missing, the frame is turned into silence, and keeps its bytes for
 * the frames after it: decoders would warn, or play what they find.
 */
export class Reservoir {
	/** Bytes of sound in the frames so far. */
	private available = 0;

	/** The frame as it is, or silent; a copy either way. */
	take(frame: Buffer): Buffer {
		const crcBytes = frame[1]! & 1 ? 0 : 2;
		const sideStart = HEADER_BYTES + crcBytes;
		const dataStart = sideStart + sideInfoBytes(frame);
		const wanted = isMpeg1(frame)
			? (frame[sideStart]! << 1) | (frame[sideStart + 1]! >> 7)
			: frame[sideStart]!;
		const copy = Buffer.from(frame);
		if (wanted > this.available) {
			copy.fill(0, HEADER_BYTES, dataStart);
			// The checksum would be wrong: without it, its two bytes belong to the sound, which nobody reads.
			copy[1]! |= 1;
		}
		this.available += Math.max(0, frame.length - dataStart);
		return copy;
	}
}
