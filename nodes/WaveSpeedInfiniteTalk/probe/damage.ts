/** Recognizes what happened to bytes that are no longer a picture or sound. */
import { count, hasControlCharacters } from '../shared/characters';
import { id3Length } from './tags';
import { findFormat } from './signatures';
import { DATA_HINT, HEX_HINT } from './text';

export interface Damage {
	/** What is wrong, as the rest of the sentence "the file … ". */
	fault: string;
	/** The next step. */
	hint: string;
}

const READ_AS_TEXT: Damage = {
	fault: 'was read as text on the way, which destroys it',
	hint: 'Where it is fetched, set Response Format to File (HTTP Request), and pass it on as a file, not as text.',
};
const RAW_PCM: Damage = {
	fault: 'is raw PCM without a header',
	hint: 'Have the service give MP3 or WAV, or put a WAV header in front (Gemini TTS: 24000 Hz, 16 bit, mono), for instance with FFmpeg or a Code node.',
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
const MOST_STRAY_BYTES = 64;
/** Mean change of a lane of bytes, as a part of all values, below which it is a signal; noise has 0.25. */
const SLOW_CHANGE = 0.12;
const MAY_BE_SOUND = new Set(
	'bin dat data raw wav mp3 mpga mpeg aac m4a ogg oga opus flac webm weba audio mp4'.split(' '),
);
const RAW_TYPE =
	/^audio\/(l8|l16|l20|l24|pcm|raw|x-raw|x-pcm|basic|pcma|pcmu|x-mulaw|x-alaw|s16le)\b/i;
const RAW_NAME = /\.(pcm|raw|l16|s16le?|u?law|alaw|mulaw|f32le?)$/i;

/** Damage done on the way, which may leave the first bytes of a format intact. */
export function findDamage(head: Buffer): Damage | undefined {
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
function findWrongDecoding(head: Buffer): Damage | undefined {
	const text = head.toString('base64', 0, 96);
	if (/^data([a-z]+\/|base64)/i.test(text) || /^base64/.test(text)) {
		return { fault: 'was made of a whole data: address', hint: DATA_HINT };
	}
	if (/^(https?|HTTPS?)\/\//.test(text)) {
		return {
			fault: 'was made of a web address as if it were base64 text',
			hint: 'Fetch the address with the HTTP Request node, or give it in the mode URL.',
		};
	}
	if (/^[0-9a-f]{64}/.test(text)) {
		return { fault: 'was made of hexadecimal text as if it were base64', hint: HEX_HINT };
	}
	return /^(objectObject|undefined|null)/.test(text) && head.length < 100
		? {
				fault: 'was made of an expression without a result',
				hint: 'Check what the node that makes the file gets as base64 text.',
			}
		: undefined;
}

function findWrapping(head: Buffer): Damage | undefined {
	return /^\s*--[^\r\n]{1,80}\r?\ncontent-/i.test(head.toString('latin1', 0, 200))
		? {
				fault: 'is a whole multipart form',
				hint: 'Take the file out of the form first: the node that received it gave the request as it came.',
			}
		: undefined;
}

/** A known format behind blanks or other bytes that do not belong there. */
export function findBehindOtherBytes(head: Buffer): Damage | undefined {
	const text = head.toString('latin1');
	if (/^\x89PNG[\r\n]/.test(text)) {
		return {
			fault: 'is a PNG picture whose line breaks were changed on the way',
			hint: READ_AS_TEXT.hint,
		};
	}
	const stray = /^[\s\0"'\xef\xbb\xbf]+/.exec(text)?.[0].length ?? 0;
	for (let at = 1; at <= Math.min(stray, MOST_STRAY_BYTES); at++) {
		const inside = findFormat(head.subarray(at));
		// For formats that begin with zeros it would be a guess.
		if (!inside || (head[at] === 0 && inside.type !== 'video/mp4')) continue;
		return {
			fault: `has ${at === 1 ? 'a stray byte' : `${at} stray bytes`} in front of ${inside.label}`,
			hint: 'Look at the node that made the file: it put a line break, blank or mark before the content.',
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
): Damage | undefined {
	const first = head[0];
	if (head.length > 16 && head.every((byte) => byte === first)) {
		return {
			fault: `holds nothing but the byte ${Number(first).toString(16).padStart(2, '0')}`,
			hint: 'Look at the node that made the file: it is empty, or raw PCM without a header.',
		};
	}
	if (
		wanted === 'audio' &&
		(isNamedRaw(declared) || (mayBeSound(declared) && looksLikePcm(head)))
	) {
		return RAW_PCM;
	}
	return looksRandom(head)
		? {
				fault: 'has no header of a known format: its bytes look encrypted or damaged',
				hint: 'Media of WhatsApp (.enc) must be decrypted by the service that receives them.',
			}
		: undefined;
}

function isNamedRaw({ declaredType, name }: { declaredType: string; name: string }): boolean {
	return RAW_TYPE.test(declaredType) || RAW_NAME.test(name);
}

function mayBeSound({ declaredType, name }: { declaredType: string; name: string }): boolean {
	const extension = /\.([a-z]\w{1,4})$/i.exec(name)?.[1]?.toLowerCase() ?? 'bin';
	const isOther = /^(image|video|text|font|model|message)\//i.test(declaredType);
	return !isOther && MAY_BE_SOUND.has(extension);
}

/** True for samples of 8 to 32 bits: of each sample the highest byte changes slowly. */
function looksLikePcm(bytes: Buffer): boolean {
	if (bytes.length < 128) return false;
	return [1, 2, 3, 4].some((width) =>
		[0xff, 0x7f].some((mask) =>
			Array.from({ length: width }, (_, lane) => laneChange(bytes, lane, width, mask)).some(
				(change) => change < SLOW_CHANGE * mask,
			),
		),
	);
}

/** Mean distance, around the circle of values, from each byte of a lane to the next. */
function laneChange(bytes: Buffer, lane: number, width: number, mask: number): number {
	let sum = 0;
	let steps = 0;
	for (let at = lane; at + width < bytes.length; at += width) {
		const distance = ((bytes[at + width] ?? 0) - (bytes[at] ?? 0)) & mask;
		sum += Math.min(distance, mask + 1 - distance);
		steps++;
	}
	return sum / steps;
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
