/** Recognizes what happened to bytes that are no longer a picture or sound. Pure. */
import { count, hasControlCharacters } from './characters';
import type { FileType } from './signatures';
import { findSignature } from './signatures';
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
const RAW_TYPE =
	/^audio\/(l8|l16|l20|l24|pcm|raw|x-raw|x-pcm|basic|pcma|pcmu|x-mulaw|x-alaw|s16le)\b/i;
const RAW_NAME = /\.(pcm|raw|l16|s16le?|u?law|alaw|mulaw|f32le?)$/i;

/** Damage done on the way, which may leave the first bytes of a format intact. */
export function findDamage(head: Buffer): Damage | undefined {
	return isReadAsText(head) ? READ_AS_TEXT : (findWrongDecoding(head) ?? findWrapping(head));
}

/** True for a binary file that was decoded and encoded again as UTF-8, from whatever character set. */
function isReadAsText(head: Buffer): boolean {
	// The last character may be cut.
	const text = head.toString('utf8', 0, Math.max(head.length - 3, 0));
	if (!hasControlCharacters(text.slice(1))) return false;
	const replaced = count(text, '\ufffd');
	// A byte that is no UTF-8 was never text.
	if (replaced > count(head.toString('latin1'), '\xef\xbf\xbd')) return false;
	return replaced >= REPLACEMENTS || MARKS_READ_AS_TEXT.some((mark) => text.startsWith(mark));
}

/** Something else than base64 text that was decoded as if it were. */
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
	const stray = /^[\s\0"'\xef\xbb\xbf]+/.exec(text)?.[0] ?? '';
	const inside: FileType | undefined = stray
		? findSignature(head.subarray(stray.length))
		: undefined;
	return inside && inside.type !== 'audio/ac3'
		? {
				fault: `has ${stray.length === 1 ? 'a stray byte' : `${stray.length} stray bytes`} in front of ${inside.label}`,
				hint: 'Look at the node that made the file: it put a line break, blank or mark before the content.',
			}
		: undefined;
}

/**
 * Why bytes of no known format are none, judged by what they look like.
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
	const isNamedRaw = RAW_TYPE.test(declared.declaredType) || RAW_NAME.test(declared.name);
	if (isNamedRaw || (wanted === 'audio' && looksLikePcm(head))) return RAW_PCM;
	return looksRandom(head)
		? {
				fault: 'has no header of a known format: its bytes look encrypted or damaged',
				hint: 'Media of WhatsApp (.enc) must be decrypted by the service that receives them.',
			}
		: undefined;
}

/** True for samples of 16 bits: they are mostly small, or change slowly. */
function looksLikePcm(bytes: Buffer): boolean {
	const count = bytes.length >> 1;
	if (count < 64) return false;
	return ['readInt16LE' as const, 'readInt16BE' as const].some((read) => {
		let [change, loudness, small, last] = [0, 0, 0, 0];
		for (let at = 0; at < count; at++) {
			const sample = bytes[read](at * 2);
			change += Math.abs(sample - last);
			loudness += Math.abs(sample);
			if (Math.abs(sample) < 2048) small++;
			last = sample;
		}
		return loudness > 0 && (change / loudness < 0.6 || small / count > 0.6);
	});
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
