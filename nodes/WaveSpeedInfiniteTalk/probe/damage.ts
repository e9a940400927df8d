/** Recognizes what happened to bytes that are no longer a picture or sound. */
import { hasControlCharacters } from '../shared/characters';
import type { Problem } from '../shared/problem';
import type { ProbedFile } from './finding';
import { findFormat } from './signatures';
import { id3Length } from './tags';
import { DATA_ADVICE, HEX_ADVICE } from './text';

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

interface Damage extends Problem {
	pattern: RegExp;
}

/** Other texts that were decoded as if they were base64, by what encoding them again gives. */
const DECODED: readonly Damage[] = [
	{
		pattern: /^(data([a-z]+\/|base64)|base64)/i,
		message: 'was made from a whole data: URL',
		advice: DATA_ADVICE,
	},
	{
		pattern: /^https?\/\//i,
		message: 'was made from a URL instead of base64 text',
		advice: 'Fetch the URL with the HTTP Request node, or enter it in the mode URL.',
	},
	{
		pattern: /^[0-9a-f]{64}/,
		message: 'was made from hexadecimal text instead of base64 text',
		advice: HEX_ADVICE,
	},
	{
		// Four digits are three bytes: the last letter of "undefined" is lost.
		pattern: /^(objectObject|undefine|null).{0,80}$/,
		message: 'was made from an expression without a result',
		advice: 'Check the base64 text that the node makes the file from.',
	},
];

/** What stands around a file, or was changed in it, by its first bytes. */
const WRAPPED: readonly Damage[] = [
	{
		pattern: /^HTTP\/\d(\.\d)? \d{3}/,
		message: 'is a complete HTTP response, including its header',
		advice: 'Make the node that fetches it return only the body.',
	},
	{ pattern: /^\x89PNG(\n|\r(?!\n))/, ...READ_AS_TEXT },
];

/** The length of a chunk in front of it (HTTP/1.1). */
const CHUNK_SIZE = /^[0-9a-f]{1,8}\r\n/i;
/** Line breaks, blanks, quotes, zeros and the mark of UTF-8, none of which belongs in front of a file. */
const STRAY_BYTES = /^[\s\0"'\xef\xbb\xbf]{1,64}/;
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
	const start = head.toString('latin1', 0, 200);
	const damage =
		DECODED.find(({ pattern }) => pattern.test(decoded)) ??
		WRAPPED.find(({ pattern }) => pattern.test(start));
	if (!damage) return findChunkSize(head, start);
	return { message: damage.message, advice: damage.advice };
}

/** True for a binary file that was decoded and encoded again as UTF-8, from whatever character set. */
function isReadAsText(head: Buffer): boolean {
	const text = decodeUtf8(head);
	if (text === undefined || !hasControlCharacters(text.slice(1))) return false;
	// The tag in front of MP3 may hold long texts.
	const behindTag = text.slice(id3Length(head) ?? 0);
	return (behindTag.match(/[^\0-\x7f]/gu)?.length ?? 0) >= MIN_LETTERS;
}

/** The text, but for a character that the end of the bytes cuts off; undefined for bytes that are none. */
function decodeUtf8(bytes: Buffer): string | undefined {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
	} catch {
		return undefined;
	}
}

function findChunkSize(head: Buffer, start: string): Problem | undefined {
	const [chunk] = CHUNK_SIZE.exec(start) ?? [];
	if (!chunk || !findFormat(head.subarray(chunk.length))) return undefined;
	return {
		message: 'contains the chunk sizes of its HTTP response',
		advice: 'Make the node that fetches it decode the response (Transfer-Encoding: chunked).',
	};
}

/** A known format behind blanks or other bytes that do not belong there. */
export function findBehindOtherBytes(head: Buffer): Problem | undefined {
	const [stray = ''] = STRAY_BYTES.exec(head.toString('latin1', 0, 64)) ?? [];
	for (let at = 1; at <= stray.length; at++) {
		const inside = findFormat(head.subarray(at));
		// Players look for the first frame of an MP3 themselves.
		if (inside?.type === 'audio/mpeg') return undefined;
		// For formats that begin with zeros it would be a guess.
		if (!inside || (head[at] === 0 && inside.type !== 'video/mp4')) continue;
		return {
			message: `has ${at === 1 ? 'a stray byte' : `${at} stray bytes`} before ${inside.label}`,
			advice:
				'Check the node that made the file: it added a line break, a space, or a byte order mark before the content.',
		};
	}
	return undefined;
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
