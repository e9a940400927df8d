/** Small helpers for texts of any kind. */

/** Characters of a value that a message shows. */
const SHOWN_CHARACTERS = 80;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\x00-\x08\x0e-\x1f]/;

/** A value as far as it fits into a message, on one line. */
export function shorten(value: string): string {
	const text = value.slice(0, 2 * SHOWN_CHARACTERS).replace(/\s+/g, ' ');
	return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS - 1)}…` : text;
}

/** Any value as far as it fits into a message: as JSON, or by its type where JSON cannot show it. */
export function shortenValue(value: unknown): string {
	try {
		return shorten(JSON.stringify(value) ?? String(value));
	} catch {
		return `A value of type ${typeof value}`;
	}
}

/** The text with a capital letter at its beginning. */
export function capitalize(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** True for binary data: texts have no control characters, and media files are full of them. */
export function hasControlCharacters(text: string): boolean {
	return CONTROL.test(text);
}

/**
 * The text without these characters at its end. In place of a regular expression such as `/x+$/`, which takes
 * hours for a long text with many of them in its middle.
 */
export function trimEnd(text: string, characters: string): string {
	let end = text.length;
	while (end > 0 && characters.includes(text[end - 1]!)) end--;
	return text.slice(0, end);
}

/** Such as "a and b", or "a, b, and c". */
export function joinWords(words: readonly string[]): string {
	if (words.length < 3) return words.join(' and ');
	return `${words.slice(0, -1).join(', ')}, and ${words.at(-1)}`;
}

/** How often `part` occurs in `text`. */
export function count(text: string, part: string): number {
	return text.split(part).length - 1;
}
