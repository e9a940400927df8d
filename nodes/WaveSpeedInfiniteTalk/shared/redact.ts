/** Keeps secrets out of what people read and what n8n stores. */

/** What is shorter is no key, and would be found in any text. */
const MIN_KEY_LENGTH = 8;
/** Causes of causes that are kept. */
const MAX_DEPTH = 5;

/** Pattern of the key that was looked for last: one process mostly has one. */
let latest = { key: '', pattern: /(?!)/g };

/**
 * A service may repeat the key in the sentence with which it refuses it; people must not read it. Not
 * before decoding either: each character may be escaped as in JSON, JavaScript, addresses or HTML, and
 * the whole may be in base64, as in a Basic header.
 */
export function redact(key: string, text: string): string {
	if (key.length < MIN_KEY_LENGTH) return text;
	if (latest.key !== key) latest = { key, pattern: patternOf(key) };
	return text.replace(latest.pattern, '***');
}

function patternOf(key: string): RegExp {
	const spellings = [key, ...inBase64(key)].map((spelling) => [...spelling].map(escapes).join(''));
	return new RegExp(spellings.join('|'), 'g');
}

/** Matches a character in any escaping, also escaped again, as in JSON that is quoted in JSON. */
function escapes(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	const hex = code
		.toString(16)
		.padStart(2, '0')
		.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
	const plain = character.replace(/[^\w]/, '\\$&');
	// Bounded, since any number of backslashes could be tried at each of them.
	return `(?:\\\\{0,8}${plain}|\\\\{1,8}(?:u00|x)${hex}|%(?:25){0,3}${hex}|&#(?:0*${code}|[xX]0*${hex});)`;
}

/** What base64 has of the key whatever stands around it: it may begin at any of three places. */
function inBase64(key: string): string[] {
	return [0, 1, 2].flatMap((before) => {
		const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(key)]);
		const end = Math.floor((bytes.length * 8) / 6);
		const base64 = bytes.toString('base64').slice(Math.ceil((before * 8) / 6), end);
		return [...new Set([base64, base64.replaceAll('+', '-').replaceAll('/', '_')])];
	});
}

/**
 * A copy of an error that holds nothing but its name, words, code and place. Errors of HTTP clients
 * carry the whole request: the key in its headers, and the signature in its address.
 *
 * @param key the API key, empty where none was sent
 */
export function toCleanError(error: unknown, key = ''): Error {
	return copy(error, key, MAX_DEPTH);
}

function copy(error: unknown, key: string, depth: number): Error {
	const source = error instanceof Error ? error : new Error(textOf(error));
	const hasCause = source.cause !== undefined && depth > 1;
	const clean = new Error(withoutSecrets(key, source.message), {
		...(hasCause && { cause: copy(source.cause, key, depth - 1) }),
	});
	const { code } = source as { code?: unknown };
	if (typeof code === 'string' && code !== '') Object.assign(clean, { code });
	clean.name = source.name;
	const frames = (source.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
	clean.stack = [`${clean.name}: ${clean.message}`, ...frames].join('\n');
	return clean;
}

/** Of what is thrown instead of an error; an object may have no text at all. */
function textOf(thrown: unknown): string {
	try {
		return String(thrown);
	} catch {
		return typeof thrown;
	}
}

/** The text without the key, tokens, and what follows the path in an address. */
export function withoutSecrets(key: string, text: string): string {
	return redact(key, text)
		.replace(/\bBearer\s+[^\s"']+/gi, 'Bearer ***')
		.replace(/\bhttps?:\/\/[^\s"'<>]*/gi, cleanAddress);
}

/** Without user, password, query and fragment. */
function cleanAddress(address: string): string {
	const [path = ''] = address.split(/[?#]/, 1);
	return path.replace(/\/\/[^/@]*@/g, '//');
}
