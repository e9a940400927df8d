/** Sends requests below the API's base URL, and reads the envelope of the responses. */
import { parseEnvelope } from './envelope';
import { errorFromResponse, toApiError } from './errors';
import type { Http, HttpRequest, HttpResponse } from './http';
import { NoResponseError } from './http';
import { REQUEST_TIMEOUT_MS, SHORT_IDLE_TIMEOUT_MS } from './limits';

/** The limits of a short call that is given up after so many milliseconds. */
export function timeLimits(
	withinMs: number,
): Required<Pick<HttpRequest, 'idleTimeoutMs' | 'timeoutMs'>> {
	return { idleTimeoutMs: Math.min(SHORT_IDLE_TIMEOUT_MS, withinMs), timeoutMs: withinMs };
}

export class ApiTransport {
	private serverClockAheadMs = 0;

	constructor(
		private readonly http: Http,
		/** Without trailing slash. */
		readonly baseUrl: string,
		readonly now: () => number,
	) {}

	/**
	 * A time of this machine's clock on the service's clock, as far as its responses told.
	 *
	 * @param time milliseconds since 1970
	 */
	toServerTime(time: number): number {
		return time + this.serverClockAheadMs;
	}

	/**
	 * A short call with JSON.
	 *
	 * @returns the envelope's data
	 * @throws ApiError
	 */
	async call(
		method: 'GET' | 'POST',
		path: string,
		body?: object,
		extra?: Partial<HttpRequest>,
	): Promise<unknown> {
		return this.dataOf(await this.exchange(method, path, body, extra));
	}

	/**
	 * A short call with JSON, for responses that mean something whatever their status.
	 *
	 * @throws ApiError when there is no response
	 */
	async exchange(
		method: 'GET' | 'POST',
		path: string,
		body?: object,
		extra: Partial<HttpRequest> = {},
	): Promise<HttpResponse> {
		return await this.send(path, {
			method,
			headers: {
				Accept: 'application/json',
				...(body && { 'Content-Type': 'application/json' }),
			},
			...(body && { body: JSON.stringify(body) }),
			...timeLimits(REQUEST_TIMEOUT_MS),
			...extra,
		});
	}

	/** @throws ApiError when there is no response */
	async send(
		path: string,
		request: Omit<HttpRequest, 'url' | 'authenticated'>,
	): Promise<HttpResponse> {
		const url = `${this.baseUrl}/api/v3/${path}`;
		try {
			const response = await this.http.send({ ...request, url, authenticated: true });
			this.updateServerClock(response);
			return response;
		} catch (error) {
			throw error instanceof NoResponseError ? toApiError(error) : error;
		}
	}

	/** @throws ApiError when the response is not a success */
	dataOf(response: HttpResponse): unknown {
		const failure = errorFromResponse(response, this.now());
		if (failure) throw failure;
		return parseEnvelope(response.text)?.data;
	}

	private updateServerClock(response: HttpResponse): void {
		const date = Date.parse(response.headers.date ?? '');
		if (!Number.isNaN(date)) this.serverClockAheadMs = date - this.now();
	}
}
