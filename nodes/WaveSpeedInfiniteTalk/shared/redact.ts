/** Keeps secrets out of what people read and what n8n stores. */

/** What is shorter is no key, and would be found in any text. */
const MIN_KEY_LENGTH = 8;
/** Causes of causes that are kept. */
const MAX_DEPTH = 5;

/** A service may repeat the key in the sentence with which it refuses it; people must not read it. */
export function redact(key: string, text: string): string {
	return key.length < MIN_KEY_LENGTH ? text : text.replaceAll(key, '***');
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
		.replace(/(\bhttps?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, '$1')
		.replace(/(\bhttps?:\/\/)[^\s/?#@"']+@/gi, '$1');
}
