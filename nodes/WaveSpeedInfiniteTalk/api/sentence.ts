/** The service's own words, as people are shown them. */

/** Longest text of the service that is shown to a user, in characters. */
const MAX_LENGTH = 500;

/** The text on one line, cut to 500 characters. */
export function toSentence(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}
