/** Recognizes texts where a picture or sound was meant: web pages, JSON, base64 and others. */
import type { FileType } from './signatures';
import { findFormat } from './signatures';
import { count, hasControlCharacters, shorten } from '../shared/characters';

const DECODE_HINT =
	'Make a file of it with the node "Convert to File" (Move Base64 String to File).';
export const DATA_HINT =
	'Give the node "Convert to File" only the part after "base64,", such as {{ $json.image.split(\',\')[1] }}.';
export const HEX_HINT =
	"Make a file of it with a Code node: Buffer.from(text, 'hex') and prepareBinaryData.";
/** Of a web page, for whoever has the file from another node. */
export const LOGIN_HINT =
	'A link that needs a login gives its login page instead of the file: check the node that fetched it.';

/** Shortest text without blanks that is taken for encoded bytes. */
const ENCODED_CHARACTERS = 64;
const HTML_ELEMENT =
	/^<\/?(html|head|body|title|meta|script|style|link|base|noscript|iframe|div|span|p|h[1-6]|a|img|table|tr|td|form|input|button|center|br|hr|ul|ol|li|b|i|u|em|strong|font|pre|nav|main|header|footer|section|article|template|audio|video)[\s>/]/i;

function textType(type: string, label: string, hint?: string): FileType {
	return { family: 'text', type, label, ...(hint && { hint }) };
}

/** What kind of text the bytes are, or undefined when they are none. */
export function detectText(head: Buffer): FileType | undefined {
	const text = readText(head);
	if (text === undefined) return undefined;
	const start = text.trimStart();
	if (start.startsWith('<')) return detectMarkup(start);
	if (/^data:[\w/+.;=,-]/i.test(start)) {
		return textType('text/plain', 'a data: address as text', DATA_HINT);
	}
	const encoded = detectEncoded(start);
	if (encoded) return textType('text/plain', encoded.label, encoded.hint);
	const quote = quoteStart(start);
	if (/^#EXTM3U/.test(start)) return textType('audio/x-mpegurl', 'a playlist', quote);
	if (/^[{[]/.test(start)) return textType('application/json', 'a JSON text', quote);
	return textType('text/plain', 'plain text', start === '' ? undefined : quote);
}

/** Bytes written as text (base64 or hexadecimal digits), and how to make a file of them. */
export function detectEncoded(text: string): { label: string; hint: string } | undefined {
	const sample = text.slice(0, 4 * ENCODED_CHARACTERS).replace(/^["'\s]+/, '');
	const digits = sample.replace(/(\r?\n|\\n|["'\s]+$)/g, '');
	if (/^([0-9a-f]{2})+[0-9a-f]?$/i.test(digits) && digits.length >= ENCODED_CHARACTERS) {
		return { label: 'hexadecimal text', hint: HEX_HINT };
	}
	if (!/^[\w+/-]+={0,2}$/.test(digits) || digits.length < 8) return undefined;
	const isLong = digits.length >= ENCODED_CHARACTERS;
	const decoded = Buffer.from(digits, 'base64');
	const isMedia = findFormat(decoded) !== undefined;
	return isLong || (isMedia && digits.length >= 12)
		? { label: 'base64 text', hint: DECODE_HINT }
		: undefined;
}

/** The text, or undefined when the bytes are something else. */
function readText(head: Buffer): string | undefined {
	const marker = head.toString('latin1', 0, 2);
	if (marker === '\xff\xfe') return head.toString('utf16le', 2);
	if (marker === '\xfe\xff')
		return Buffer.from(head.subarray(2, head.length & ~1))
			.swap16()
			.toString('utf16le');
	const text = head.toString('utf8').replace(/^\ufeff/, '');
	if (hasControlCharacters(text)) return undefined;
	const notUtf8 = count(text, '\ufffd');
	return notUtf8 > head.length / 4 ? undefined : text;
}

function detectMarkup(start: string): FileType {
	const content = skipProlog(start);
	if (/^<(\w+:)?svg[\s>/]/i.test(content) || /<!doctype svg/i.test(start)) {
		return textType('image/svg+xml', 'an SVG drawing');
	}
	const isPage =
		HTML_ELEMENT.test(content) ||
		/<!doctype\s+html|<html[\s>]|<head>|<body[\s>]|<script[\s>]/i.test(start) ||
		// A page may begin with a comment that is longer than what was read.
		(content === '' && !start.startsWith('<?xml'));
	if (!isPage) {
		return textType('text/xml', 'an XML text', quoteStart(content));
	}
	const title = /<title[^>]*>\s*([^<]*[^<\s])/i.exec(start)?.[1];
	const about = title ? ` Its title: "${shorten(title.replace(/\s+/g, ' '))}".` : '';
	return textType('text/html', 'a web page (HTML)', `${LOGIN_HINT}${about}`);
}

function quoteStart(text: string): string {
	return `It begins with "${shorten(text).trim()}".`;
}

/** Without declarations, comments and processing instructions in front. */
function skipProlog(text: string): string {
	let rest = text;
	for (;;) {
		const shorter = rest
			.trimStart()
			.replace(/^<!--[\s\S]*?(-->|$)|^<\?[\s\S]*?(\?>|$)|^<!doctype[^>[]*(\[[\s\S]*?\])?\s*>/i, '');
		if (shorter === rest) return rest;
		rest = shorter;
	}
}
