/** Tells from the first bytes what a file is. Pure. */

export type Family = 'image' | 'audio' | 'video' | 'text' | 'other';

export interface Kind {
	family: Family;
	/** Media type. */
	type: string;
	/** The format in words. */
	label: string;
}

/** Bytes to read of a file before deciding. */
export const HEAD_BYTES = 4096;

interface Signature extends Kind {
	/** Position and bytes (as Latin-1 text) that must be there. */
	marks: ReadonlyArray<readonly [number, string]>;
}

function sign(type: string, label: string, ...marks: Array<readonly [number, string]>): Signature {
	const main = type.split('/')[0];
	const family = main === 'image' || main === 'audio' || main === 'video' ? main : 'other';
	return { family, type, label, marks };
}

/** In order: the first whose marks are all there wins. */
const SIGNATURES: readonly Signature[] = [
	sign('image/png', 'a PNG picture', [0, '\x89PNG\r\n\x1a\n']),
	sign('image/jpeg', 'a JPEG picture', [0, '\xff\xd8\xff']),
	sign('image/gif', 'a GIF picture', [0, 'GIF8']),
	sign('image/webp', 'a WebP picture', [0, 'RIFF'], [8, 'WEBP']),
	sign('image/tiff', 'a TIFF picture', [0, 'II*\0']),
	sign('image/tiff', 'a TIFF picture', [0, 'MM\0*']),
	sign('image/heic', 'a HEIC picture', [4, 'ftyphei']),
	sign('image/heic', 'a HEIF picture', [4, 'ftypmif1']),
	sign('image/avif', 'an AVIF picture', [4, 'ftypavi']),
	sign('audio/wav', 'a WAV file', [0, 'RIFF'], [8, 'WAVE']),
	sign('audio/wav', 'a WAV file', [0, 'RF64'], [8, 'WAVE']),
	sign('video/x-msvideo', 'an AVI video', [0, 'RIFF'], [8, 'AVI ']),
	sign('audio/mpeg', 'an MP3 file', [0, 'ID3']),
	sign('audio/ogg', 'an Ogg file', [0, 'OggS']),
	sign('audio/flac', 'a FLAC file', [0, 'fLaC']),
	sign('audio/aiff', 'an AIFF file', [0, 'FORM'], [8, 'AIF']),
	sign('audio/amr', 'an AMR file', [0, '#!AMR']),
	sign('audio/x-caf', 'a CAF file', [0, 'caff']),
	sign('audio/mp4', 'an M4A file', [4, 'ftypM4A']),
	sign('audio/mp4', 'an M4B file', [4, 'ftypM4B']),
	sign('video/quicktime', 'a QuickTime video', [4, 'ftypqt']),
	// The next two hold sound as well as video; the declared type decides.
	sign('video/mp4', 'an MP4 file', [4, 'ftyp']),
	sign('video/webm', 'a WebM file', [0, '\x1a\x45\xdf\xa3']),
	sign('application/pdf', 'a PDF document', [0, '%PDF']),
	sign('application/zip', 'a ZIP archive', [0, 'PK\x03\x04']),
	sign('application/gzip', 'a gzip archive', [0, '\x1f\x8b']),
	// Two letters are too little to go by: the size of its second header has three zeros.
	sign('image/bmp', 'a BMP picture', [0, 'BM'], [15, '\0\0\0']),
];

const CONTAINER_AUDIO: Record<string, Kind> = {
	'video/mp4': { family: 'audio', type: 'audio/mp4', label: 'an M4A file' },
	'video/webm': { family: 'audio', type: 'audio/webm', label: 'a WebM file' },
};

/**
 * What the bytes are, or undefined when no known format fits.
 *
 * @param declaredType media type as declared; decides for containers that hold sound or video
 */
export function sniff(head: Buffer, declaredType: string): Kind | undefined {
	const text = head.toString('latin1');
	const found = SIGNATURES.find(({ marks }) =>
		marks.every(([at, bytes]) => text.startsWith(bytes, at)),
	);
	if (found) {
		const { family, type, label } = found;
		const sound = CONTAINER_AUDIO[type];
		if (!sound || (declaredType.toLowerCase().startsWith('video/') && !isSoundOnly(text))) {
			return { family, type, label };
		}
		return sound;
	}
	// The mark of UTF-16 text would pass for a frame of sound.
	if (/^(\xff\xfe|\xfe\xff)/.test(text)) return sniffText(text.slice(2).replaceAll('\0', ''));
	return sniffFrames(head) ?? sniffText(text);
}

/** By the tracks of a WebM file, as far as its first bytes name them: n8n calls every .webm a video. */
function isSoundOnly(text: string): boolean {
	return /A_(OPUS|VORBIS)/.test(text) && !/V_(VP8|VP9|AV1)/.test(text);
}

/** MP3 and AAC have no file header, only frames: eleven or twelve set bits, then layer bits. */
function sniffFrames(head: Buffer): Kind | undefined {
	const [first = 0, second = 0] = head;
	if (first !== 0xff || (second & 0xe0) !== 0xe0) return undefined;
	if ((second & 0xf6) === 0xf0) return { family: 'audio', type: 'audio/aac', label: 'an AAC file' };
	const layer = second & 0x06;
	return layer === 0 ? undefined : { family: 'audio', type: 'audio/mpeg', label: 'an MP3 file' };
}

function sniffText(text: string): Kind | undefined {
	const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
	if (/^<(!doctype html|html|head|body)/i.test(start)) {
		return { family: 'text', type: 'text/html', label: 'a web page (HTML)' };
	}
	if (start.startsWith('<svg') || (start.startsWith('<?xml') && start.includes('<svg'))) {
		return { family: 'text', type: 'image/svg+xml', label: 'an SVG drawing' };
	}
	if (start.startsWith('<')) return { family: 'text', type: 'text/xml', label: 'an XML text' };
	if (/^[{[]/.test(start))
		return { family: 'text', type: 'application/json', label: 'a JSON text' };
	// Control characters do not occur in text; sound and pictures are full of them.
	const control = /[\x00-\x08\x0e-\x1f]/; // eslint-disable-line no-control-regex -- that is what is looked for
	return control.test(text)
		? undefined
		: { family: 'text', type: 'text/plain', label: 'plain text' };
}
