/** Recognizes what happened to bytes that are no longer a picture or sound. */
import { count, hasControlCharacters } from '../shared/characters';
import type { Problem } from '../shared/problem';
import { id3Length } from './tags';
import { findFormat } from './signatures';
import { DATA_HINT, HEX_HINT } from './text';

const READ_AS_TEXT: Problem = {
	message: 'was read as text on the way, which destroys it',
	advice:
		'Where it is fetched, set Response Format to File (HTTP Request), and pass it on as a file, not as text.',
};
const RAW_PCM: Problem = {
	message: 'is raw PCM without a header',
	advice:
		'Have the service give MP3 or WAV, or put a WAV header in front (Gemini TTS: 24000 Hz, 16 bit, mono), for instance with FFmpeg or a Code node.',
};
/** Marks of formats after their bytes were read as UTF-8, Latin-1 or Windows-1252. */
const MARKS_READ_AS_TEXT = [
	'\ufffdPNG',
	'\x89PNG',
	'\u2030PNG',
	'\ufffd\ufffd\ufffd',
	'\xff\xd8\xff',
	'\xff\xfb',
	'\xff\xf3',
	'\xff\xf1',
	'\x1aE\xdf\xa3',
];
/** Undecodable bytes that tell a file read as text from chance. */
const REPLACEMENTS = 3;
/** Valid UTF-8 letters, with not one byte out of place, that no binary file has by chance. */
const LETTERS = 12;
/** How far behind other bytes a format is looked for. */
const MAX_STRAY_BYTES = 64;
/** Mean change from one sample's higher byte to the next, below which bytes are a signal; noise has 64. */
const MAX_SIGNAL_CHANGE = 30;
const RAW_TYPE = /^audio\/(l\d+|pcm\w?|raw|x-raw|x-pcm|basic|x-[mu]law|s16le)\b/i;
const RAW_NAME = /\.(pcm|raw|l16|s16le?|[mu]?law|alaw|f32le?)$/i;

/** Damage done on the way, which may leave the first bytes of a format intact. */
export function findDamage(head: Buffer): Problem | undefined {
	return isReadAsText(head) ? READ_AS_TEXT : (findWrongDecoding(head) ?? findWrapping(head));
}

/** True for a binary file that was decoded and encoded again as UTF-8, from whatever character set. */
function isReadAsText(head: Buffer): boolean {
	const text = head.toString('utf8', 0, wholeCharacters(head));
	if (!hasControlCharacters(text.slice(1))) return false;
	const replaced = count(text, '\ufffd');
	// Bytes that are not UTF-8 were never text.
	if (replaced > count(head.toString('latin1'), '\xef\xbf\xbd')) return false;
	if (replaced >= REPLACEMENTS) return true;
	if (MARKS_READ_AS_TEXT.some((mark) => text.startsWith(mark))) return true;
	// The tag in front of MP3 may hold long texts.
	const behindTag = text.startsWith('ID3') ? text.slice(id3Length(head) ?? text.length) : text;
	return (behindTag.match(/[^\0-\x7f]/gu)?.length ?? 0) >= LETTERS;
}

/** Length without a character that the end of the bytes cuts off. */
function wholeCharacters(bytes: Buffer): number {
	for (let back = 1; back <= 3; back++) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (byte < 0x80) break;
		if (byte < 0xc0) continue;
		const wanted = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
		return wanted > back ? bytes.length - back : bytes.length;
	}
	return bytes.length;
}

/** Other text that was decoded as if it were base64. */
function findWrongDecoding(head: Buffer): Problem | undefined {
	const text = head.toString('base64', 0, 96);
	if (/^data([a-z]+\/|base64)/i.test(text) || /^base64/.test(text)) {
		return { message: 'was made of a whole data: address', advice: DATA_HINT };
	}
	if (/^(https?|HTTPS?)\/\//.test(text)) {
		return {
			message: 'was made of a web address as if it were base64 text',
			advice: 'Fetch the address with the HTTP Request node, or give it in the mode URL.',
		};
	}
	if (/^[0-9a-f]{64}/.test(text)) {
		return { message: 'was made of hexadecimal text as if it were base64', advice: HEX_HINT };
	}
	return /^(objectObject|undefined|null)/.test(text) && head.length < 100
		? {
				message: 'was made of an expression without a result',
				advice: 'Check what the node that makes the file gets as base64 text.',
			}
		: undefined;
}

/** What HTTP put around the file, left there by the node that received it. */
function findWrapping(head: Buffer): Problem | undefined {
	const text = head.toString('latin1', 0, 200);
	if (/^\s*--[^\r\n]{1,80}\r?\ncontent-/i.test(text)) {
		return {
			message: 'is a whole multipart form',
			advice:
				'Take the file out of the form first: the node that received it gave the request as it came.',
		};
	}
	if (/^HTTP\/\d(\.\d)? \d{3}/.test(text)) {
		return {
			message: 'is a whole HTTP response, with its header',
			advice: 'Let the node that fetches it give the body only.',
		};
	}
	const [chunk] = /^[0-9a-f]{1,8}\r\n/i.exec(text) ?? [];
	return chunk && findFormat(head.subarray(chunk.length))
		? {
				message: 'has the chunk sizes of its HTTP response between its bytes',
				advice: 'Let the node that fetches it decode the response (Transfer-Encoding: chunked).',
			}
		: undefined;
}

/** A known format behind blanks or other bytes that do not belong there. */
export function findBehindOtherBytes(head: Buffer): Problem | undefined {
	const text = head.toString('latin1');
	if (/^\x89PNG[\r\n]/.test(text)) {
		return {
			message: 'is a PNG picture whose line breaks were changed on the way',
			advice: READ_AS_TEXT.advice,
		};
	}
	const stray = /^[\s\0"'\xef\xbb\xbf]+/.exec(text)?.[0].length ?? 0;
	for (let at = 1; at <= Math.min(stray, MAX_STRAY_BYTES); at++) {
		const inside = findFormat(head.subarray(at));
		// For formats that begin with zeros it would be a guess.
		if (!inside || (head[at] === 0 && inside.type !== 'video/mp4')) continue;
		return {
			message: `has ${at === 1 ? 'a stray byte' : `${at} stray bytes`} in front of ${inside.label}`,
			advice:
				'Look at the node that made the file: it put a line break, blank or mark before the content.',
		};
	}
	return undefined;
}

/**
 * What bytes of no known format may be, judged by their look.
 *
 * @param wanted what was expected: only for sound, samples without a header are named
 * @param declared media type and name as declared
 */
export function explainUnknown(
	head: Buffer,
	declared: { declaredType: string; name: string },
	wanted: 'image' | 'audio',
): Problem | undefined {
	const first = head[0];
	if (head.length > 16 && head.every((byte) => byte === first)) {
		return {
			message: `holds nothing but the byte ${Number(first).toString(16).padStart(2, '0')}`,
			advice: 'Look at the node that made the file: it is empty, or raw PCM without a header.',
		};
	}
	const isNamedRaw = RAW_TYPE.test(declared.declaredType) || RAW_NAME.test(declared.name);
	if (wanted === 'audio' && (isNamedRaw || looksLikePcm(head))) return RAW_PCM;
	return looksRandom(head)
		? {
				message: 'has no header of a known format: its bytes look encrypted or damaged',
				advice: 'Media of WhatsApp (.enc) must be decrypted by the service that receives them.',
			}
		: undefined;
}

/** True for samples of 16 bits, as speech services give them: the higher bytes change slowly. */
function looksLikePcm(bytes: Buffer): boolean {
	let sum = 0;
	for (let at = 3; at < bytes.length; at += 2) {
		const change = (bytes[at]! - bytes[at - 2]!) & 0xff;
		sum += Math.min(change, 256 - change);
	}
	return bytes.length >= 128 && sum / (bytes.length / 2 - 1) < MAX_SIGNAL_CHANGE;
}

/** True when all values occur about equally often, as in encrypted or compressed bytes. */
function looksRandom(bytes: Buffer): boolean {
	if (bytes.length < 512) return false;
	const counts = new Array<number>(256).fill(0);
	for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1;
	const expected = bytes.length / 256;
	const chiSquare = counts.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
	return chiSquare < 400;
}
