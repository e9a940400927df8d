/** Decides from its text whether WaveSpeed can fetch a file from an address. */
import { detectFieldText, isEncodedFile } from './fieldText';
import { findPageLink } from './pageLinks';
import { isPrivateHost } from '../shared/privateHost';
import { shorten } from '../shared/characters';
import { hasUnrenderedPart, isUnrendered } from './unrendered';

/** Why a value is refused: the cause, and what to do. */
export interface Refusal {
	cause: string;
	advice: string;
}

const PUBLIC_HINT =
	'Use an address that starts with https:// and can be opened without logging in.';
/** Longest address that is sent, in characters: servers refuse longer ones. */
const MAX_URL_CHARACTERS = 8192;
/** Invisible characters: zero-width, direction marks, soft hyphen, control characters, odd blanks. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Zl}\p{Zp}\ufffd]|(?! )\p{Zs}/u;
const INVISIBLE_ENDS = /^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu;

/**
 * The address in the form in which it was checked, or the reason why it is refused.
 *
 * @param label the field's name, for advice
 */
export function checkPublicUrl(text: string, label: string): { url: string } | Refusal {
	const address = text.replace(INVISIBLE_ENDS, '');
	const toFile = `switch ${label} to File`;
	if (address === '') {
		return {
			cause: 'the URL is empty',
			advice: `Enter the web address of the file, or ${toFile}.`,
		};
	}
	const refusal = checkText(address, toFile) ?? checkSpelling(address);
	if (refusal) return refusal;
	const url = parse(address);
	if (!url) return notWebAddress(address, PUBLIC_HINT);
	return checkPlace(url, address, toFile) ?? { url: url.href };
}

/** Texts that are no address at all. */
function checkText(address: string, toFile: string): Refusal | undefined {
	if (isUnrendered(address)) {
		return {
			cause: `"${shorten(address)}" is an expression without a result`,
			advice:
				'Check that the expression shows a web address in the preview below the field, and that the field is in Expression mode.',
		};
	}
	if (/^data:/i.test(address)) {
		return {
			cause: 'a data: URL cannot be sent to WaveSpeed',
			advice: `Make a file of it with "Convert to File", from the part after "base64," only, and ${toFile}.`,
		};
	}
	if (
		/^(file:|[a-z]:[\\/](?!\/)|\/|\\\\|~\/|\.{1,2}[\\/])/i.test(address) &&
		!isEncodedFile(address)
	) {
		return {
			cause: `"${shorten(address)}" is a place on a disk, which WaveSpeed cannot reach`,
			advice: `Read the file with "Read/Write Files from Disk" and ${toFile}.`,
		};
	}
	const found = /^https?:/i.test(address) ? undefined : detectFieldText(address);
	return found
		? {
				cause: `the URL is ${found.label}, not a web address`,
				advice: `${found.hint} Then ${toFile}.`,
			}
		: undefined;
}

/** Faults in an address's spelling that a parser would mend or hide. */
function checkSpelling(address: string): Refusal | undefined {
	if (!/^https?:/i.test(address)) return notWebAddress(address, adviseScheme(address));
	if (/^https?:[\\/]*https?:/i.test(address)) {
		return notWebAddress(address, 'It has "https://" twice: delete one.');
	}
	if (
		/[\s,;|"'\])}>\w.]https?:\/\//i.test(address.slice(1).replace(/[?&#][\w.-]*=https?:/gi, ''))
	) {
		return {
			cause: `"${shorten(address)}" is more than one web address`,
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
			`It has ${what} at place ${invisible.index + 1}: type the address anew.`,
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

function notWebAddress(address: string, advice: string): Refusal {
	return { cause: `"${shorten(hidePassword(address))}" is not a web address`, advice };
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

/** Hosts and pages from which the service gets no file. */
function checkPlace(url: URL, address: string, toFile: string): Refusal | undefined {
	const shown = shorten(hidePassword(address));
	const spaces = address.includes(' ') ? ' Write spaces as %20.' : '';
	if (url.username || url.password) {
		return {
			cause: `"${shown}" has a user name or password in it`,
			advice: `WaveSpeed cannot log in: fetch the file with the HTTP Request node and ${toFile}.`,
		};
	}
	if (hasUnrenderedPart(url)) {
		return {
			cause: `"${shown}" has a part without a result ("undefined", "null")`,
			advice: 'Check the expression that makes the address.',
		};
	}
	if (isPrivateHost(url.hostname)) {
		return {
			cause: `WaveSpeed cannot reach ${shorten(url.host)}, which is an address of your own network`,
			advice: `Fetch the file with the HTTP Request node and ${toFile}: the node then uploads it.${spaces}`,
		};
	}
	if (/^#.*\.(png|jpe?g|webp|gif|bmp|tiff?|mp3|wav|ogg|m4a|aac|flac|opus|webm)$/i.test(url.hash)) {
		return {
			cause: `"${shown}" has a # in the file's name`,
			advice: 'Write %23 for #.',
		};
	}
	const page = findPageLink(url);
	if (!page) return undefined;
	const fetching = page.advice ?? 'Fetch the file itself, for instance with the HTTP Request node';
	const direct = page.direct && `Use the direct link: ${page.direct} (shared with everybody). Or: `;
	const advice = direct
		? `${direct}${fetching.charAt(0).toLowerCase()}${fetching.slice(1)}`
		: fetching;
	return {
		cause: `"${shown}" is a page of ${page.service}, not a file`,
		advice: `${advice} and ${toFile}.`,
	};
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
