/** Computes the duration of an audio file from its bytes, while they are read for another purpose. */
import type { Parser } from './byteQueue';
import { ByteQueue } from './byteQueue';
import { measureFlac } from './flac';
import { measureFrames } from './frames';
import { measureMp4 } from './mp4';
import { measureOgg } from './ogg';
import { skipLeadingTags } from './tags';
import type { WavLayout } from './wav';
import { measureWav } from './wav';
import { measureWebm } from './webm';

/** Upper bound: a file with more is corrupt. Even the digital silence of FLAC stays below. */
const MOST_SECONDS_PER_BYTE = 1;
/** Bytes that tell one container from another. */
const HEAD_BYTES = 12;

export interface DurationHint {
	/** Expected bytes of the whole file. When it has another size, the duration is unknown. */
	size?: number;
}

/**
 * Measures an audio file in one pass and without decoding it: push all chunks in order, then call
 * {@link end}. Knows WAV, MP3 (MPEG layers I to III), MP4/M4A/3GP/MOV, Ogg, FLAC,
 * WebM/Matroska and AAC (ADTS). Memory stays small whatever the file; nothing throws.
 */
export class DurationMeter {
	private readonly queue = new ByteQueue();
	private readonly parser: Parser;
	private result: { seconds: number | undefined } | undefined;
	private layout: WavLayout | undefined;

	constructor(private readonly hint: DurationHint = {}) {
		this.parser = this.measure();
	}

	/** Takes the next bytes. They are not kept: the chunk may be reused after the call. */
	push(chunk: Buffer): void {
		this.queue.add(chunk);
		this.advance();
		if (this.result) this.queue.skipNow(Infinity);
		this.queue.keep();
	}

	/**
	 * The length, when all bytes were pushed. A file that was cut off has the length of what is left
	 * where that can be counted (WAV, MP3, AAC, Ogg, WebM), else none.
	 *
	 * @returns seconds with fractions, or undefined when the file does not tell; never a guess
	 */
	end(): number | undefined {
		this.queue.end();
		this.advance();
		const seconds = this.result?.seconds;
		const size = this.queue.received;
		if (this.hint.size !== undefined && this.hint.size !== size) return undefined;
		if (seconds === undefined || !Number.isFinite(seconds) || seconds < 0) return undefined;
		return seconds > size * MOST_SECONDS_PER_BYTE ? undefined : seconds;
	}

	/** What is needed to pad a WAV file, after {@link end}; undefined for all other files. */
	get wav(): WavLayout | undefined {
		return this.layout;
	}

	private advance(): void {
		if (this.result) return;
		const step = this.parser.next();
		if (step.done) this.result = { seconds: step.value };
	}

	private *measure(): Parser {
		const { queue } = this;
		yield* skipLeadingTags(queue);
		yield* queue.has(HEAD_BYTES);
		const head = queue.peekBytes(HEAD_BYTES).toString('latin1');
		if (/^(RIFF|RIFX|RF64|BW64)/.test(head)) {
			if (!head.startsWith('WAVE', 8)) return undefined;
			this.layout = yield* measureWav(queue);
			return this.layout?.seconds;
		}
		if (head.startsWith('OggS')) return yield* measureOgg(queue);
		if (head.startsWith('fLaC')) return yield* measureFlac(queue);
		if (head.startsWith('\x1a\x45\xdf\xa3')) return yield* measureWebm(queue);
		if (/^(ftyp|moov|mdat|wide|free|skip|pnot|styp)/.test(head.slice(4))) {
			return yield* measureMp4(queue);
		}
		return yield* measureFrames(queue);
	}
}

/**
 * Measures a whole file; see {@link DurationMeter}.
 *
 * @param each sees every chunk as well, for a hash in the same pass
 * @throws what the source throws
 */
export async function measureDuration(
	source: AsyncIterable<Buffer> | Iterable<Buffer>,
	hint: DurationHint = {},
	each: (chunk: Buffer) => void = () => {},
): Promise<{ seconds: number | undefined; wav: WavLayout | undefined }> {
	const meter = new DurationMeter(hint);
	for await (const chunk of source) {
		each(chunk);
		meter.push(chunk);
	}
	return { seconds: meter.end(), wav: meter.wav };
}
