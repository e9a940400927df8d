/** Which addresses the node talks to. */
import { shorten, trimEnd } from '../shared/characters';
import { isPrivateHost } from '../shared/privateHost';

/** Code of the error with which the credential refuses to sign a request: nothing was sent. */
export const KEY_NOT_SENT = 'KEY_NOT_SENT';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** The URL, or undefined when the text is not one. */
export function parseUrl(text: string, base?: string): URL | undefined {
	// In hot code, Node.js 20's URL.canParse() rejects valid URLs with letters like "ä".
	try {
		return new URL(text, base);
	} catch {
		return undefined;
	}
}

/** The URL, or undefined when the text does not start with http:// or https://. */
export function parseWebUrl(text: string): URL | undefined {
	const url = parseUrl(text);
	return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** True for this machine's own addresses: `localhost`, 127.0.0.0/8 and `[::1]`. */
export function isLoopback(url: URL): boolean {
	return LOOPBACK.test(url.hostname);
}

/**
 * The base URL as stored, without spaces and trailing slashes.
 *
 * @throws Error with a sentence for the user when it is not https (http only on loopback), or
 * carries a user name, query or fragment.
 */
export function normalizeBaseUrl(text: string): string {
	const url = parseUrl(text.trim());
	if (!url) {
		throw new Error(
			// Without the text: somebody may have pasted the key there.
			'The Base URL in the WaveSpeed API credential is not a valid URL. The default is https://api.wavespeed.ai',
		);
	}
	const secure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url));
	if (!secure) {
		throw new Error(
			'The Base URL in the WaveSpeed API credential must start with https:// to protect the API key (http:// works only for this machine, such as http://127.0.0.1:8080)',
		);
	}
	if (url.username || url.password || url.search || url.hash) {
		throw new Error(
			'The Base URL in the WaveSpeed API credential must be a plain URL such as https://api.wavespeed.ai, without a user name, "?", or "#"',
		);
	}
	return trimEnd(`${url.origin}${url.pathname}`, '/');
}

/**
 * Why a storage or video address that the service names is not used: a predicate that follows "an
 * address that", or undefined when nothing speaks against it. A remote service must not point into the
 * network of n8n; one on loopback (a local emulator) may.
 *
 * @param baseUrl of the API that named the address
 */
export function transferRefusal(address: string, baseUrl: string): string | undefined {
	const url = parseUrl(address);
	const base = parseUrl(baseUrl);
	const isLocalApi = base !== undefined && isLoopback(base);
	if (url?.protocol === 'http:' && isLocalApi && isLoopback(url)) return undefined;
	if (url?.protocol !== 'https:') return 'is not https';
	if (isLocalApi || !isPrivateHost(url.hostname)) return undefined;
	return `points to a private network (${shorten(url.host)})`;
}

/**
 * Why the node does not fetch a medium from an address: a predicate that follows "an address that", or
 * undefined when nothing speaks against it. Names that are looked up as private addresses are left to
 * n8n's own protection (`N8N_SSRF_PROTECTION_ENABLED`).
 *
 * @param baseUrl of the API: beside a local emulator, files may be on loopback
 * @param from the address that led there; only one of the same origin may lead to loopback
 */
export function mediaRefusal(address: string, baseUrl: string, from?: string): string | undefined {
	const url = parseWebUrl(address);
	if (!url) return 'leads to an address that does not start with https://';
	if (url.username || url.password) return 'contains a user name or password';
	const base = parseUrl(baseUrl);
	const isLocalFile = base !== undefined && isLoopback(base) && isLoopback(url);
	if (isLocalFile && (from === undefined || parseUrl(from)?.origin === url.origin)) {
		return undefined;
	}
	return isPrivateHost(url.hostname)
		? `points to a private network (${shorten(url.host)})`
		: undefined;
}

/** True when a storage or video address named by the service may be used; see {@link transferRefusal}. */
export function isAllowedTransferUrl(address: string, baseUrl: string): boolean {
	return transferRefusal(address, baseUrl) === undefined;
}

/**
 * Why the service cannot call an address, or undefined when nothing speaks against it. A service on
 * loopback (a local emulator) can call this machine; the public one needs public https.
 */
export function unreachableReason(address: string, baseUrl: string): string | undefined {
	const url = parseWebUrl(address);
	if (!url) return 'it does not start with https://';
	const base = parseUrl(baseUrl);
	if (base && isLoopback(base)) return undefined;
	if (isPrivateHost(url.hostname)) return `${url.host} is only reachable from its own network`;
	return url.protocol === 'https:' ? undefined : 'it does not start with https://';
}
