/** Ogg (RFC 3533) with Vorbis, Opus (RFC 7845), FLAC or Speex; also chained and with pictures. */
import { agreedSeconds } from './agree';
import type { ByteQueue, Parser } from './byteQueue';
import { OGG_HEAD_BYTES, parseOggSound } from './oggSound';
import type { OggPage } from './oggStream';
import { OggStream } from './oggStream';
import { opusSamples } from './opus';

const MARK = 'OggS';
const HEADER_BYTES = 27;
const FIRST_FLAG = 2;
/** A segment of this length goes on in the next one. */
const FULL_SEGMENT = 255;
/** Streams side by side; more are no recording. */
const MOST_STREAMS = 32;
/** Bytes of an Opus packet that tell its length. */
const OPUS_HEAD_BYTES = 2;

interface PageHeader extends Pick<OggPage, 'granule' | 'sequence' | 'isFirst'> {
	serial: number;
	/** Lengths of the segments. */
	segments: Buffer;
}

/**
 * Computes the duration from the positions at the ends of the pages. Chained streams are added up; an
 * incomplete page does not count.
 */
export function* measureOgg(queue: ByteQueue): Parser {
	let past: number | undefined = 0;
	let group = new Map<number, OggStream>();
	let isOpening = true;
	for (;;) {
		const header = yield* readHeader(queue);
		if (!header) break;
		if (header.isFirst && !isOpening) {
			past = sum(past, groupSeconds(group));
			group = new Map();
		}
		isOpening = header.isFirst;
		const end = queue.position + bodyBytes(header.segments);
		let stream = group.get(header.serial);
		if (header.isFirst) {
			yield* queue.has(Math.min(OGG_HEAD_BYTES, end - queue.position));
			const body = queue.peekBytes(Math.min(OGG_HEAD_BYTES, end - queue.position));
			stream = new OggStream(parseOggSound(body));
			group.set(header.serial, stream);
		}
		if (!stream || group.size > MOST_STREAMS) return undefined;
		const page = yield* readBody(queue, header, stream);
		if (!(yield* queue.skip(end - queue.position))) break;
		stream.add(page);
	}
	return sum(past, groupSeconds(group));
}

/** Finds the next page, past what is none, and reads its header. Undefined at the end. */
function* readHeader(queue: ByteQueue): Parser<PageHeader | undefined> {
	while (yield* queue.has(HEADER_BYTES)) {
		const at = queue.indexOf(MARK);
		if (at !== 0) {
			queue.skipNow(at > 0 ? at : queue.available - MARK.length + 1);
			continue;
		}
		const bytes = (yield* queue.take(HEADER_BYTES)) as Buffer;
		const granule = Number(bytes.readBigInt64LE(6));
		const header = {
			granule: granule < 0 ? undefined : granule,
			sequence: bytes.readUInt32LE(18),
			isFirst: (bytes.readUInt8(5) & FIRST_FLAG) !== 0,
			serial: bytes.readUInt32LE(14),
		};
		const segments = yield* queue.take(bytes.readUInt8(26));
		// A copy: the body may come with a later chunk.
		return segments && { ...header, segments: Buffer.from(segments) };
	}
	return undefined;
}

/** Counts packets; looks into them on the one page whose samples are needed. */
function* readBody(queue: ByteQueue, header: PageHeader, stream: OggStream): Parser<OggPage> {
	const { granule, sequence, isFirst, segments } = header;
	const looksInside = stream.sound?.codec === 'opus' && stream.awaitsSound && (granule ?? 0) > 0;
	let packets = 0;
	let samples = 0;
	let length = 0;
	for (const segment of segments) {
		length += segment;
		if (segment === FULL_SEGMENT) continue;
		packets += 1;
		if (looksInside) {
			const head = yield* queue.take(Math.min(OPUS_HEAD_BYTES, length));
			samples += opusSamples(head ?? Buffer.alloc(0));
			yield* queue.skip(Math.max(0, length - OPUS_HEAD_BYTES));
		}
		length = 0;
	}
	return { granule, sequence, isFirst, packets, samples: looksInside ? samples : undefined };
}

function bodyBytes(segments: Buffer): number {
	return segments.reduce((total, length) => total + length, 0);
}

/** Seconds of streams that were recorded side by side. */
function groupSeconds(group: ReadonlyMap<number, OggStream>): number | undefined {
	const sounds = [...group.values()].filter(({ sound }) => sound);
	return agreedSeconds(sounds.map((stream) => stream.seconds()));
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : a + b;
}
