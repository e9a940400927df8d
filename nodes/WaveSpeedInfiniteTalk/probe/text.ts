/** Recognizes texts where a picture or sound was meant: web pages, JSON, base64 and others. */
import type { FileType } from './signatures';
import { findFormat } from './signatures';
import { count, hasControlCharacters, shorten } from '../shared/characters';

const DECODE_ADVICE =
	'Convert it to a file with the node "Convert to File" (Move Base64 String to File).';
export const DATA_ADVICE =
	'Pass only the part after "base64," to the node "Convert to File", such as {{ $json.image.split(\',\')[1] }}.';
const HEX_ADVICE =
	"Convert it to a file with a Code node: Buffer.from(text, 'hex') and prepareBinaryData.";
/** Of a web page, for whoever has the file from another node. */
export const LOGIN_ADVICE =
	'A link that requires a login returns the login page instead of the file: check the node that fetched it.';

/** Shortest text without blanks that is taken for encoded bytes. */
const ENCODED_CHARACTERS = 64;

type Kind = readonly [pattern: RegExp, type: string, label: string];
const PAGE = ['text/html', 'a web page (HTML)'] as const;

/** In order: the first whose pattern fits wins. */
const KINDS: readonly Kind[] = [
	[/^<([^]*<)?(!doctype\s+html|html[\s>]|body[\s>])/i, ...PAGE],
	[/^<([^]*<)?(svg[\s>/]|!doctype svg)/i, 'image/svg+xml', 'an SVG drawing'],
	[/^<(\?xml|rss|feed)/, 'text/xml', 'XML text'],
	[/^<[a-z!]/i, ...PAGE],
	[/^data:[\w/+.;=,-]/i, 'text/plain', 'a data: URL as text'],
	[/^#EXTM3U/, 'audio/x-mpegurl', 'a playlist'],
	[/^[{[]/, 'application/json', 'JSON text'],
	[/^/, 'text/plain', 'plain text'],
];

/** What kind of text the bytes are, or undefined when they are none. */
export function detectText(head: Buffer): FileType | undefined {
	const text = readText(head)?.trimStart();
	if (text === undefined) return undefined;
	const [, type, label] = KINDS.find(([pattern]) => pattern.test(text))!;
	const kind = { family: 'text', type, label, advice: adviseOn(type, text) } as const;
	return { ...kind, ...detectEncoded(text) };
}

function adviseOn(type: string, text: string): string {
	if (/^data:/i.test(text)) return DATA_ADVICE;
	if (type !== 'text/html') {
		return `It starts with "${shorten(text.replace(/^<\?xml[^>]*>/, '').trim())}".`;
	}
	const title = /<title[^>]*>\s*([^<]*[^<\s])/i.exec(text)?.[1];
	return title
		? `${LOGIN_ADVICE} Its title: "${shorten(title.replace(/\s+/g, ' '))}".`
		: LOGIN_ADVICE;
}

/** Bytes written as text (base64 or hexadecimal digits), and how to make a file of them. */
export function detectEncoded(text: string): { label: string; advice: string } | undefined {
	const sample = text.slice(0, 4 * ENCODED_CHARACTERS).replace(/^["'\s]+/, '');
	const digits = sample.replace(/(\r?\n|\\n|["'\s]+$)/g, '');
	const isLong = digits.length >= ENCODED_CHARACTERS;
	if (isLong && /^([0-9a-f]{2})+[0-9a-f]?$/i.test(digits)) {
		return { label: 'hexadecimal text', advice: HEX_ADVICE };
	}
	if (digits.length < 12 || !/^[\w+/-]+={0,2}$/.test(digits)) return undefined;
	const isMedia = findFormat(Buffer.from(digits, 'base64')) !== undefined;
	return isLong || isMedia ? { label: 'base64 text', advice: DECODE_ADVICE } : undefined;
}

/** The text, or undefined when the bytes are something else. */
function readText(head: Buffer): string | undefined {
	const mark = head.toString('latin1', 0, 2);
	if (mark === '\xff\xfe') return new TextDecoder('utf-16le').decode(head);
	if (mark === '\xfe\xff') return new TextDecoder('utf-16be').decode(head);
	const text = new TextDecoder().decode(head);
	const isText = !hasControlCharacters(text) && count(text, '\ufffd') <= head.length / 4;
	return isText ? text : undefined;
}
