/** Decides from its text whether a file can be fetched from an address. */
import { mediaRefusal, parseUrl } from '../api/urls';
import type { Problem } from '../shared/problem';
import { shorten } from '../shared/characters';
import { detectFieldText, isUnrendered } from './fieldText';

const PUBLIC_ADVICE = 'Use a URL that starts with https:// and opens without a login.';
/** Longest address that is fetched, in characters: servers refuse longer ones. */
const MAX_URL_CHARACTERS = 8192;
/** Invisible characters: zero-width, direction marks, soft hyphen, control characters, odd blanks. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\ufffd]|(?! )\p{Zs}/u;

/** Up to the last character that is seen: what is invisible behind it would else be tried at each place. */
const UP_TO_LAST_SEEN = /^[^]*[^\s\p{Cf}]/u;

const NOT_WEB = 'is not a valid URL';

type Rule = readonly [pattern: RegExp, advice: string, message?: string];

/** What is wrong with an address, some of which a parser would mend or hide. In order: the first that fits. */
const RULES: readonly Rule[] = [
	[
		/^(file:|[a-z]:[\\/](?!\/)|\/(?!\/)|\\\\|~\/|\.{1,2}[\\/])/i,
		'Read the file with "Read/Write Files from Disk" and switch the field to File.',
		'is a file path, not a URL',
	],
	[/^(\/\/)?([\w-]+\.)+[a-z]{2,}[/?:]/i, 'Add https:// at the beginning.'],
	[
		/^(?!https?:)/i,
		`${PUBLIC_ADVICE} If it is the name of a file in the item, switch the field to File.`,
	],
	[
		/[\s,;|"'\])}>\w.]https?:\/\//i,
		'Use one URL per item. Split Out turns a list into items.',
		'is more than one URL',
	],
	[INVISIBLE, 'It contains a line break or an invisible character: retype the URL.'],
	[
		/\\|^https?:\/*https?:|[<>"`{}]|[',;.]$|^[^(]*\)$/i,
		'Check its beginning and end, and remove any brackets, quotes, and \\.',
	],
	[
		/^[^?#]*\/(undefined|null|NaN)(\.\w{1,5})?([/?#]|$)|=undefined([&#]|$)|%5[Bb]object%20/,
		'Check the expression for the URL.',
		'contains an expression without a result ("undefined", "null")',
	],
];

/**
 * The address in the form in which it was checked, or the reason why it is refused.
 *
 * @param label the field's name, for advice
 * @param baseUrl of the API; only beside one on loopback a file may be on loopback
 */
export function checkPublicUrl(
	text: string,
	label: string,
	baseUrl = '',
): { url: string } | Problem {
	const given = text.replace(/^[\s\p{Cf}]+/u, '');
	const [address = ''] = UP_TO_LAST_SEEN.exec(given.slice(0, MAX_URL_CHARACTERS)) ?? [];
	const withoutLogin = address.replace(/^(https?:\/*)[^/?#]*@/i, '$1…@');
	const shown = `"${shorten(withoutLogin.replace(INVISIBLE, '?'))}"`;
	const toFile = `switch ${label} to File`;
	if (address === '') {
		return {
			message: 'the URL is empty',
			advice: `Enter the URL of the file, or ${toFile}.`,
		};
	}
	if (isUnrendered(address)) {
		return {
			message: `${shown} is an expression without a result`,
			advice:
				'If the field is set to Fixed, click Expression above it. Then check that the preview below it shows a URL.',
		};
	}
	const content = /^https?:/i.test(address) ? undefined : detectFieldText(address);
	if (content) {
		return {
			message: `the field contains ${content.label}, not a web URL`,
			advice: `${content.advice} Then ${toFile}.`,
		};
	}
	if (given.length > MAX_URL_CHARACTERS) {
		return {
			message: `the URL is longer than ${MAX_URL_CHARACTERS} characters`,
			advice: 'Check the expression for the URL.',
		};
	}
	const [, advice, message = NOT_WEB] = RULES.find(([pattern]) => pattern.test(address)) ?? [];
	if (advice) return { message: `${shown} ${message}`, advice };
	// A lone % is a sign of the name, not the beginning of an encoded byte.
	const url = parseUrl(address.replace(/%(?![0-9a-f]{2})/gi, '%25'));
	// Encoded, it may be longer.
	if (!url || url.href.length > MAX_URL_CHARACTERS) {
		return { message: `${shown} ${NOT_WEB}`, advice: PUBLIC_ADVICE };
	}
	const refusal = mediaRefusal(url.href, baseUrl);
	if (refusal === undefined) return { url: url.href };
	const fetch = `Fetch the file with the HTTP Request node and ${toFile}.`;
	return { message: `${shown} ${refusal}`, advice: fetch };
}
