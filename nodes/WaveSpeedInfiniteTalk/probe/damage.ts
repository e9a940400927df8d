/** Recognizes what happened to bytes that are no longer a picture or sound. */
import { hasControlCharacters } from '../shared/characters';
import type { Problem } from '../shared/problem';
import type { ProbedFile } from './finding';
import { findFormat } from './signatures';
import { id3Length } from './tags';
import { DATA_ADVICE } from './text';

const READ_AS_TEXT: Problem = {
	message: 'was read as text by an earlier node, which destroyed it',
	advice:
		'In the node that fetches it, set Response Format to File (HTTP Request), and pass it on as a file, not as text.',
};
const RAW_PCM: Problem = {
	message: 'is raw PCM without a header',
	advice:
		'Set the service to MP3 or WAV, or add a WAV header (Gemini TTS: 24000 Hz, 16 bit, mono), for example with FFmpeg or a Code node.',
};
const MADE_FROM_TEXT: Problem = {
	message: 'was made from a whole data: URL or other text that is not base64',
	advice: DATA_ADVICE,
};
const HTTP_RESPONSE: Problem = {
	message: 'is a raw HTTP response, with its header or chunk sizes',
	advice: 'Make the node that fetches it return only the decoded body.',
};

/**
 * Other texts that were decoded as if they were base64, by what encoding them again gives: data: URLs and
 * others, hexadecimal digits, and what expressions without a result give, less a last letter.
 */
const NO_BASE64 =
	/^(data([a-z]+\/|base64)|base64|https?\/\/|[0-9a-f]{64}|(objectObject|undefine|null).{0,80}$)/;

const HTTP_HEADER = /^HTTP\/\d(\.\d)? \d{3}/;
/** The length of a chunk in front of it (HTTP/1.1). */
const CHUNK_SIZE = /^[0-9a-f]{1,8}\r\n/i;
/** Line breaks, blanks, quotes and the mark of UTF-8, none of which belongs in front of a file. */
const STRAY_BYTES = /^[\s"'\xef\xbb\xbf]+/;
/** Letters beyond ASCII, with not one byte out of place, that no binary file has by chance. */
const MIN_LETTERS = 12;
/** Mean change from one sample's higher byte to the next, below which bytes are a signal; noise has 64. */
const MAX_SIGNAL_CHANGE = 30;
const RAW_TYPE = /^audio\/(l\d+|pcm\w?|raw|x-raw|x-pcm|basic|x-[mu]law|s16le)\b/i;
const RAW_NAME = /\.(pcm|raw|l16|s16le?|[mu]?law|alaw|f32le?)$/i;

/** Damage done on the way, which may leave the first bytes of a format intact. */
export function findDamage(head: Buffer): Problem | undefined {
	if (isReadAsText(head)) return READ_AS_TEXT;
	const decoded = head.toString('base64', 0, 96);
	if (NO_BASE64.test(decoded)) return MADE_FROM_TEXT;
	const start = head.toString('latin1', 0, 64);
	const chunkBytes = CHUNK_SIZE.exec(start)?.[0].length;
	const isChunked = chunkBytes !== undefined && findFormat(head.subarray(chunkBytes));
	return isChunked || HTTP_HEADER.test(start) ? HTTP_RESPONSE : undefined;
}

/** True for a binary file that was decoded and encoded again as UTF-8, from whatever character set. */
function isReadAsText(head: Buffer): boolean {
	const text = head.toString();
	// A character may be cut off.
	const end = Math.max(0, head.length - 3);
	const isUtf8 = Buffer.from(text).subarray(0, end).equals(head.subarray(0, end));
	if (!isUtf8 || !hasControlCharacters(text.slice(1))) return false;
	// The tag in front of MP3 may hold long texts.
	const behindTag = text.slice(id3Length(head) ?? 0);
	return (behindTag.match(/[^\0-\x7f]/gu)?.length ?? 0) >= MIN_LETTERS;
}

/** A known format behind blanks or other bytes that do not belong there. */
export function findBehindOtherBytes(head: Buffer): Problem | undefined {
	const stray = STRAY_BYTES.exec(head.toString('latin1', 0, 64))?.[0].length ?? 0;
	const inside = stray > 0 ? findFormat(head.subarray(stray)) : undefined;
	// Players look for the first frame of an MP3 themselves.
	if (!inside || inside.type === 'audio/mpeg') return undefined;
	return {
		message: `has ${stray === 1 ? 'a stray byte' : `${stray} stray bytes`} before ${inside.label}`,
		advice:
			'Check the node that made the file: it added a line break, a space, or a byte order mark before the content.',
	};
}

/**
 * What bytes of no known format may be.
 *
 * @param wanted what was expected: only for sound, samples without a header are named
 */
export function explainUnknown(
	head: Buffer,
	{ name, declaredType }: ProbedFile,
	wanted: 'image' | 'audio',
): Problem | undefined {
	const [first] = head;
	if (head.length > 16 && head.every((byte) => byte === first)) {
		return {
			message: `contains only the byte ${Number(first).toString(16).padStart(2, '0')}`,
			advice: 'Check the node that made the file: the file is empty or raw PCM without a header.',
		};
	}
	const isNamedRaw = RAW_TYPE.test(declaredType) || RAW_NAME.test(name);
	return wanted === 'audio' && (isNamedRaw || looksLikePcm(head)) ? RAW_PCM : undefined;
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
