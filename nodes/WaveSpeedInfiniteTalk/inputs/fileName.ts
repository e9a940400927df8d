/** The name under which a file is uploaded. */

/**
 * What the service reads (wavespeed.ai/docs/upload-files-api), by media type: extensions, of which the first
 * is given to files that have none of them.
 */
export const EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
	'image/jpeg': ['jpg', 'jpeg'],
	'image/png': ['png'],
	'image/webp': ['webp'],
	'image/gif': ['gif'],
	'image/bmp': ['bmp'],
	'image/tiff': ['tiff', 'tif'],
	'audio/mpeg': ['mp3'],
	'audio/wav': ['wav'],
	'audio/ogg': ['ogg', 'opus'],
	'audio/aac': ['aac'],
	'audio/flac': ['flac'],
	'audio/webm': ['webm'],
	'audio/mp4': ['m4a'],
};
/** The same, as users read it. */
export const FORMATS = {
	image: 'JPG, PNG, WebP, GIF, BMP, or TIFF',
	audio: 'MP3, WAV, OGG, AAC, FLAC, WebM, M4A, or Opus',
} as const;
/** Longest name that is sent, in characters without the extension. */
const STEM_CHARACTERS = 100;
/** Of a name with its folders; the rest of a longer one is not looked at. */
const MAX_PATH_CHARACTERS = 4096;

/**
 * A safe name that carries the extension of the type that was found.
 *
 * @param fallback the name, without extension, of a file that has none
 */
export function uploadName(name: string, type: string, fallback: string): string {
	const [path = ''] = name.slice(0, MAX_PATH_CHARACTERS).normalize('NFC').split(/[?#]/, 1);
	const base = path.split(/[\\/]/).at(-1) ?? '';
	const safe = base
		.replace(/[^\p{L}\p{M}\p{N} ._()+-]/gu, '_')
		.replace(/\s+/g, ' ')
		.replace(/^[. ]+|[. ]+$/g, '');
	const wanted = EXTENSIONS[type] ?? [];
	const extension = /\.([a-z][a-z0-9]{0,4}|3gpp?|7z)$/i.exec(safe);
	const given = extension?.[1]?.toLowerCase() ?? '';
	if (wanted.includes(given) && safe.length <= STEM_CHARACTERS) return safe;
	const stem = extension ? safe.slice(0, extension.index) : safe;
	const inner = /\.([a-z0-9]{1,5})$/i.exec(stem);
	const shorter =
		inner && wanted.includes(inner[1]?.toLowerCase() ?? '') ? stem.slice(0, inner.index) : stem;
	const cut =
		[...shorter]
			.slice(0, STEM_CHARACTERS)
			.join('')
			.replace(/[. ]+$/, '') || fallback;
	const kept = wanted.includes(given) ? given : wanted[0];
	return kept ? `${cut}.${kept}` : cut;
}
