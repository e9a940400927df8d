/** Sends requests below the API's base URL, and reads the envelope of the answers. */
import { parseEnvelope } from './envelope';
import { errorFromResponse, toApiError } from './errors';
import type { Http, HttpRequest, HttpResponse } from './http';
import { NoResponseError } from './http';

/** Silence after which a short call is given up (the official clients' own limit). */
export const IDLE_TIMEOUT_MS = 30_000;
/** Whatever a server drips, a short call ends after this. */
export const REQUEST_TIMEOUT_MS = 90_000;

export class ApiTransport {
	private serverClockAheadMs = 0;

	constructor(
		private readonly http: Http,
		/** Without trailing slash. */
		readonly baseUrl: string,
		readonly now: () => number,
	) {}

	/**
	 * A time of this machine's clock on the service's clock, as far as its answers told.
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
	 * A short call with JSON, for answers that mean something whatever their status.
	 *
	 * @throws ApiError when there is no answer
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
			idleTimeoutMs: IDLE_TIMEOUT_MS,
			timeoutMs: REQUEST_TIMEOUT_MS,
			...extra,
		});
	}

	/** @throws ApiError when there is no answer */
	async send(
		path: string,
		request: Omit<HttpRequest, 'url' | 'authenticated'>,
	): Promise<HttpResponse> {
		const url = `${this.baseUrl}/api/v3/${path}`;
		try {
			const answer = await this.http.send({ ...request, url, authenticated: true });
			this.updateServerClock(answer);
			return answer;
		} catch (error) {
			throw error instanceof NoResponseError ? toApiError(error) : error;
		}
	}

	/** @throws ApiError when the answer is not a success */
	dataOf(answer: HttpResponse): unknown {
		const failure = errorFromResponse(answer, this.now());
		if (failure) throw failure;
		return parseEnvelope(answer.text)?.data;
	}

	private updateServerClock(answer: HttpResponse): void {
		const date = Date.parse(answer.headers.date ?? '');
		if (!Number.isNaN(date)) this.serverClockAheadMs = date - this.now();
	}
}
