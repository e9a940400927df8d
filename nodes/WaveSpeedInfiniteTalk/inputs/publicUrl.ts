/** Decides from its text whether a file can be fetched from an address. */
import { mediaRefusal } from '../api/urls';
import { detectFieldText, isEncodedFile } from './fieldText';
import type { Problem } from '../shared/problem';
import { shorten } from '../shared/characters';
import { hasUnrenderedPart, isUnrendered } from './unrendered';

const PUBLIC_HINT =
	'Use an address that starts with https:// and can be opened without logging in.';
/** Longest address that is fetched, in characters: servers refuse longer ones. */
const MAX_URL_CHARACTERS = 8192;
/** Invisible characters: zero-width, direction marks, soft hyphen, control characters, odd blanks. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\ufffd]|(?! )\p{Zs}/u;
const INVISIBLE_END = /[\s\p{Cf}]/u;

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
	const given = trim(text);
	const address = given.slice(0, MAX_URL_CHARACTERS);
	const toFile = `switch ${label} to File`;
	if (address === '') {
		return {
			message: 'the URL is empty',
			advice: `Enter the web address of the file, or ${toFile}.`,
		};
	}
	const problem = checkText(address, toFile) ?? checkLength(given) ?? checkSpelling(address);
	if (problem) return problem;
	const url = parse(address);
	if (!url) return notWebAddress(address, PUBLIC_HINT);
	return checkPlace(url, address, toFile, baseUrl) ?? { url: url.href };
}

/** Without blanks and invisible characters at both ends; in one pass, whatever the length. */
function trim(text: string): string {
	let [start, end] = [0, text.length];
	while (start < end && INVISIBLE_END.test(text[start]!)) start++;
	while (start < end && INVISIBLE_END.test(text[end - 1]!)) end--;
	return text.slice(start, end);
}

function checkLength(address: string): Problem | undefined {
	if (address.length <= MAX_URL_CHARACTERS) return undefined;
	return {
		message: `the URL is longer than ${MAX_URL_CHARACTERS} characters`,
		advice: 'Check the expression that makes the address.',
	};
}

/** Texts that are no address at all. */
function checkText(address: string, toFile: string): Problem | undefined {
	if (isUnrendered(address)) {
		return {
			message: `"${shorten(address)}" is an expression without a result`,
			advice:
				'Check that the expression shows a web address in the preview below the field, and that the field is in Expression mode.',
		};
	}
	if (/^data:/i.test(address)) {
		return {
			message: 'a data: URL is not fetched',
			advice: `Make a file of it with "Convert to File", from the part after "base64," only, and ${toFile}.`,
		};
	}
	if (
		/^(file:|[a-z]:[\\/](?!\/)|\/|\\\\|~\/|\.{1,2}[\\/])/i.test(address) &&
		!isEncodedFile(address)
	) {
		return {
			message: `"${shorten(address)}" is a place on a disk, not a web address`,
			advice: `Read the file with "Read/Write Files from Disk" and ${toFile}.`,
		};
	}
	const found = /^https?:/i.test(address) ? undefined : detectFieldText(address);
	return found
		? {
				message: `the URL is ${found.label}, not a web address`,
				advice: `${found.hint} Then ${toFile}.`,
			}
		: undefined;
}

/** Faults in an address's spelling that a parser would mend or hide. */
function checkSpelling(address: string): Problem | undefined {
	if (!/^https?:/i.test(address)) return notWebAddress(address, adviseScheme(address));
	if (/^https?:[\\/]*https?:/i.test(address)) {
		return notWebAddress(address, 'It has "https://" twice: delete one.');
	}
	if (
		/[\s,;|"'\])}>\w.]https?:\/\//i.test(address.slice(1).replace(/[?&#][\w.-]*=https?:/gi, ''))
	) {
		return {
			message: `"${shorten(address)}" is more than one web address`,
			advice: 'Give one address for each item; Split Out makes items of a list.',
		};
	}
	const invisible = INVISIBLE.exec(address);
	if (invisible) {
		const code = (invisible[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
		const what = /[\r\n]/.test(invisible[0])
			? 'a line break'
			: `an invisible character (U+${code})`;
		return notWebAddress(
			address.replace(INVISIBLE, '?'),
			`It has ${what} at place ${invisible.index + 1}: retype the address.`,
		);
	}
	if (/\\/.test(address)) return notWebAddress(address, 'Write / instead of \\ in it.');
	if (!/^https?:\/\/[^/?#\s]/i.test(address)) {
		return notWebAddress(address, 'It must start with https:// and a host.');
	}
	const odd = /[<>"`{}]|[',;.]$|^[^(]*\)$/.exec(address);
	if (odd) {
		return notWebAddress(address, `It has ${odd[0].at(-1)} in it, which does not belong there.`);
	}
	return undefined;
}

function notWebAddress(address: string, advice: string): Problem {
	return { message: `"${shorten(hidePassword(address))}" is not a web address`, advice };
}

function adviseScheme(address: string): string {
	const host = /^(?:\/\/)?((?:[\w-]+\.)+[a-z]{2,}(?:[/?:].*)?)$/i.exec(address)?.[1];
	if (
		host &&
		!/\.(png|jpe?g|webp|gif|bmp|tiff?|mp3|wav|ogg|m4a|aac|flac|opus|mp4)$/i.test(
			host.split('/')[0] ?? '',
		)
	) {
		return 'Write https:// in front of it.';
	}
	if (/^(s3|gs|gcs|ftp|sftp|smb|blob|azure|dropbox):/i.test(address)) {
		return 'Fetch the file with the node of that storage and switch the field to File, or use an https:// link.';
	}
	if (/^[\w -]+$/.test(address)) {
		return `${PUBLIC_HINT} If it is the name of a binary field, switch the field to File.`;
	}
	return PUBLIC_HINT;
}

/** Addresses from which the node fetches no file. */
function checkPlace(
	url: URL,
	address: string,
	toFile: string,
	baseUrl: string,
): Problem | undefined {
	const shown = shorten(hidePassword(address));
	const spaces = address.includes(' ') ? ' Write spaces as %20.' : '';
	if (url.username || url.password) {
		return {
			message: `"${shown}" has a user name or password in it`,
			advice: `Fetch the file with the HTTP Request node and ${toFile}.`,
		};
	}
	if (hasUnrenderedPart(url)) {
		return {
			message: `"${shown}" has a part without a result ("undefined", "null")`,
			advice: 'Check the expression that makes the address.',
		};
	}
	if (mediaRefusal(url.href, baseUrl) !== undefined) {
		return {
			message: `${shorten(url.host)} is an address of your own network, which a URL may not lead to`,
			advice: `Fetch the file with the HTTP Request node and ${toFile}.${spaces}`,
		};
	}
	if (/^#.*\.(png|jpe?g|webp|gif|bmp|tiff?|mp3|wav|ogg|m4a|aac|flac|opus|webm)$/i.test(url.hash)) {
		return {
			message: `"${shown}" has a # in the file's name`,
			advice: 'Write %23 for #.',
		};
	}
	return undefined;
}

/** The URL as it is sent: blanks and letters encoded, the rest as it is. */
function parse(address: string): URL | undefined {
	// A lone % is a sign of the name, not the beginning of an encoded byte.
	const encoded = address.replace(/%(?![0-9a-f]{2})/gi, '%25');
	try {
		const url = new URL(encoded);
		return url.href.length > MAX_URL_CHARACTERS ? undefined : url;
	} catch {
		return undefined;
	}
}

function hidePassword(address: string): string {
	return address.replace(/^(https?:\/\/)[^/?#]*@/i, '$1…@');
}
