export type MediaKind = 'image' | 'audio' | 'video' | 'other';

/** The kind of a file by its first bytes, for the formats that the service accepts. */
export function sniff(head: Buffer): MediaKind {
	const text = head.subarray(0, 16).toString('latin1');
	if (text.startsWith('\x89PNG') || text.startsWith('\xff\xd8\xff')) return 'image';
	if (text.startsWith('GIF8') || text.startsWith('BM')) return 'image';
	if (text.startsWith('II*\0') || text.startsWith('MM\0*')) return 'image';
	if (text.startsWith('RIFF')) {
		const form = text.slice(8, 12);
		return form === 'WEBP' ? 'image' : form === 'WAVE' ? 'audio' : 'other';
	}
	if (text.startsWith('ID3') || text.startsWith('OggS') || text.startsWith('fLaC')) return 'audio';
	// Matroska/WebM and MP4 are also audio containers; the service accepts both as audio.
	if (text.startsWith('\x1aE\xdf\xa3') || text.slice(4, 8) === 'ftyp') return 'audio';
	// MPEG audio and ADTS start with eleven set bits.
	if (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0) return 'audio';
	return 'other';
}

const EXTENSIONS: ReadonlyArray<[MediaKind, RegExp]> = [
	['image', /\.(jpe?g|png|webp|gif|bmp|tiff?)$/i],
	['audio', /\.(mp3|wav|og[ga]|aac|flac|m4a|opus|weba|webm)$/i],
	['video', /\.(mp4|mov)$/i],
];

/** The kind according to the declared type, else the file extension. */
export function declaredKind(fileName: string, contentType: string | undefined): MediaKind {
	const family = contentType?.split('/')[0];
	if (family === 'image' || family === 'audio' || family === 'video') return family;
	return EXTENSIONS.find(([, extension]) => extension.test(fileName))?.[0] ?? 'other';
}

/** Seconds of sound in a WAV file of `size` bytes that begins with `head`, by its header alone. */
export function wavSeconds(head: Buffer, size: number): number | undefined {
	if (head.length < 44 || head.toString('latin1', 0, 4) !== 'RIFF') return undefined;
	let bytesPerSecond = 0;
	for (let at = 12; at + 8 <= head.length; ) {
		const name = head.toString('latin1', at, at + 4);
		const length = head.readUInt32LE(at + 4);
		if (name === 'fmt ' && at + 20 <= head.length) bytesPerSecond = head.readUInt32LE(at + 16);
		if (name === 'data') {
			// A streamed WAV has no true length in its header: the file's size is the limit.
			const bytes = Math.min(length, size - at - 8);
			return bytesPerSecond > 0 ? bytes / bytesPerSecond : undefined;
		}
		at += 8 + length + (length % 2);
	}
	return undefined;
}
