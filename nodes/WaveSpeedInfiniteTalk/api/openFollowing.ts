/** Opens an address that somebody else named, and looks at each place that it leads to first. */
import { toResult } from '../shared/result';
import { errorFromTransfer, toApiError } from './errors';
import type { Http, HttpRequest, HttpStream } from './http';
import { NoResponseError } from './http';
import { parseUrl } from './urls';

const MAX_REDIRECTS = 5;

export interface Following
	extends Pick<HttpRequest, 'idleTimeoutMs' | 'timeoutMs' | 'bulkTimeoutMs' | 'maxBytes'> {
	/**
	 * Why an address is not opened: a predicate that follows "an address that".
	 *
	 * @param from the address that led there; undefined for the first one
	 */
	refusalOf(url: string, from?: string): string | undefined;
	/** The form of an address that gives the file itself. */
	directUrl?(url: string): string;
}

export type Opened = { response: HttpStream; url: string } | { refusal: string };

/**
 * The response of an address, behind at most five redirects. Sends no key: the host is not the API.
 *
 * @throws ApiError when there is no response, or it is not a success
 */
export async function openFollowing(
	http: Http,
	first: string,
	{ refusalOf, directUrl = (url) => url, ...limits }: Following,
): Promise<Opened> {
	let from: string | undefined;
	let url = directUrl(first);
	for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
		const refusal = refusalOf(url, from);
		if (refusal !== undefined) return { refusal };
		const headers = { 'Accept-Encoding': 'identity' };
		const result = await toResult(
			http.open({ method: 'GET', url, headers, authenticated: false, ...limits }),
		);
		if ('error' in result) {
			throw result.error instanceof NoResponseError ? toApiError(result.error) : result.error;
		}
		const response = result.value;
		const { location } = response.headers;
		if (response.status < 300 || response.status >= 400 || !location) {
			const host = parseUrl(url)?.host ?? 'The server';
			const failure = errorFromTransfer({ ...response, text: '' }, host);
			if (!failure) return { response, url };
			response.stream.destroy();
			throw failure;
		}
		response.stream.destroy();
		from = url;
		url = directUrl(parseUrl(location, url)?.href ?? location);
	}
	return { refusal: 'redirects too many times' };
}
