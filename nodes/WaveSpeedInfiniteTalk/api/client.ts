/**
 * WaveSpeed's HTTP API. The only place that knows its URLs, envelope and status codes.
 * Contract: wavespeed.ai/docs/rest-api and the pages named below.
 */
import { parseEnvelope } from './envelope';
import { ApiError, errorFromResponse, toApiError } from './errors';
import type { Http, HttpResponse, HttpRequest } from './http';
import { NoResponseError } from './http';
import type { Prediction } from './prediction';
import { MODEL, isPlainObject, parsePrediction } from './prediction';

/** Silence after which a short call is given up (the official clients' own limit). */
const IDLE_TIMEOUT_MS = 30_000;
/** Whatever a server drips, a short call ends after this. */
export const REQUEST_TIMEOUT_MS = 90_000;

/** The six documented keys of the model; the API drops any other silently and bills defaults. */
export interface SubmitBody {
	image: string;
	left_audio: string;
	right_audio: string;
	prompt?: string;
	order: 'meanwhile' | 'left_right' | 'right_left';
	seed: number;
}

/** Permission to put one file into storage (wavespeed.ai/docs/upload-files-api). */
export interface UploadTicket {
	putUrl: string;
	/** To be sent exactly as given. */
	headers: Record<string, string>;
	downloadUrl: string;
}

export interface FileFacts {
	name: string;
	/** Bytes. */
	size: number;
	/** Media type, left out when unknown. */
	type?: string;
}

export interface HistoryQuery {
	/** Only jobs made at or after this time, milliseconds since 1970. */
	createdAfter?: number;
	/** From 1. */
	page: number;
	model?: string;
	/** Milliseconds after which a stalled response is given up. */
	withinMs?: number;
}

/** Jobs asked for in one page of the history; the API's own upper limit. */
export const HISTORY_PAGE_SIZE = 100;

export class WaveSpeedClient {
	private serverClockAheadMs = 0;

	constructor(
		private readonly http: Http,
		/** Without trailing slash. */
		readonly baseUrl: string,
		private readonly now: () => number,
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
	 * Sends one job. Never repeated here: a second request is a second bill.
	 *
	 * @throws ApiFailure; a job may exist unless `facts.nothingHappened`
	 */
	async submit(body: SubmitBody, webhookUrl?: string, model = MODEL): Promise<Prediction> {
		// The webhook goes into the query; as a body key it would be dropped silently.
		const query = webhookUrl ? `?webhook=${encodeURIComponent(webhookUrl)}` : '';
		const data = await this.call('POST', `${model}${query}`, body, { cancellable: false });
		return this.requirePrediction(data);
	}

	/**
	 * Reads a job. The address is built from the ID; the `urls.get` of an answer is remote input.
	 *
	 * @param withinMs milliseconds after which a stalled answer is given up
	 */
	async result(id: string, withinMs = REQUEST_TIMEOUT_MS): Promise<Prediction> {
		const data = await this.call('GET', `predictions/${id}/result`, undefined, {
			idleTimeoutMs: Math.min(IDLE_TIMEOUT_MS, withinMs),
			timeoutMs: withinMs,
		});
		const prediction = this.requirePrediction(data);
		if (prediction.id === id) return prediction;
		throw unreadableResponse(`WaveSpeed answered with another job (${prediction.id})`);
	}

	/** One page of this model's jobs with their inputs. Entries that cannot be read are left out. */
	async history(query: HistoryQuery): Promise<{ items: Prediction[]; full: boolean }> {
		const data = await this.call('POST', 'predictions', {
			page: query.page,
			page_size: HISTORY_PAGE_SIZE,
			model: query.model ?? MODEL,
			include_inputs: true,
			...(query.createdAfter !== undefined && {
				created_after: new Date(query.createdAfter).toISOString(),
			}),
		});
		const items: unknown[] = isPlainObject(data) && Array.isArray(data.items) ? data.items : [];
		return {
			items: items.map(parsePrediction).filter((item) => item !== undefined),
			full: items.length >= HISTORY_PAGE_SIZE,
		};
	}

	/** Asks for a place to upload to. */
	async uploadTicket(file: FileFacts): Promise<UploadTicket> {
		const data = await this.call('POST', 'media/uploads', {
			filename: file.name,
			size: file.size,
			...(file.type && { content_type: file.type }),
		});
		const upload = isPlainObject(data) ? data.upload : undefined;
		const downloadUrl = downloadUrlOf(data);
		if (!isPlainObject(upload) || typeof upload.url !== 'string' || !downloadUrl) {
			throw unreadableResponse('WaveSpeed answered the upload request without an upload address');
		}
		if (typeof upload.method === 'string' && upload.method.toUpperCase() !== 'PUT') {
			const sentence = `WaveSpeed asked for an upload by ${upload.method}, which this node does not know`;
			throw new ApiError('refused', sentence, { notProcessed: false });
		}
		return { putUrl: upload.url, headers: stringValues(upload.headers), downloadUrl };
	}

	/** Uploads a whole multipart form in one step, the way of older clients. */
	async uploadOneStep(
		form: { body: NonNullable<HttpRequest['body']>; contentType: string },
		idleTimeoutMs: number,
	): Promise<string> {
		const answer = await this.send({
			method: 'POST',
			url: this.url('media/upload/binary'),
			headers: { 'Content-Type': form.contentType },
			body: form.body,
			authenticated: true,
			idleTimeoutMs,
		});
		const downloadUrl = downloadUrlOf(this.dataOf(answer));
		if (!downloadUrl)
			throw unreadableResponse('WaveSpeed took the upload but gave no address for it');
		return downloadUrl;
	}

	/** Dollars left on the account. */
	async balance(): Promise<number | undefined> {
		const data = await this.call('GET', 'balance');
		return isPlainObject(data) && typeof data.balance === 'number' ? data.balance : undefined;
	}

	/** The secret that callbacks are signed with, or undefined when the account has none. */
	async webhookSecret(): Promise<string | undefined> {
		const data = await this.call('GET', 'webhook/secret');
		return isPlainObject(data) && typeof data.secret === 'string' ? data.secret : undefined;
	}

	private url(path: string): string {
		return `${this.baseUrl}/api/v3/${path}`;
	}

	private async call(
		method: 'GET' | 'POST',
		path: string,
		body?: object,
		extra: Partial<HttpRequest> = {},
	): Promise<unknown> {
		const answer = await this.send({
			method,
			url: this.url(path),
			headers: {
				Accept: 'application/json',
				...(body && { 'Content-Type': 'application/json' }),
			},
			...(body && { body: JSON.stringify(body) }),
			authenticated: true,
			idleTimeoutMs: IDLE_TIMEOUT_MS,
			timeoutMs: REQUEST_TIMEOUT_MS,
			...extra,
		});
		return this.dataOf(answer);
	}

	private async send(request: HttpRequest): Promise<HttpResponse> {
		try {
			return await this.http.send(request);
		} catch (error) {
			throw error instanceof NoResponseError ? toApiError(error) : error;
		}
	}

	private dataOf(answer: HttpResponse): unknown {
		this.updateServerClock(answer);
		const failure = errorFromResponse(answer, this.now());
		if (failure) throw failure;
		return parseEnvelope(answer.text)?.data;
	}

	private updateServerClock(answer: HttpResponse): void {
		const date = Date.parse(answer.headers.date ?? '');
		if (!Number.isNaN(date)) this.serverClockAheadMs = date - this.now();
	}

	private requirePrediction(data: unknown): Prediction {
		const prediction = parsePrediction(data);
		if (!prediction) throw unreadableResponse('WaveSpeed answered without a readable job');
		return prediction;
	}
}

function unreadableResponse(sentence: string): ApiError {
	return new ApiError('unreadable', sentence, { notProcessed: false });
}

function downloadUrlOf(data: unknown): string | undefined {
	if (!isPlainObject(data)) return undefined;
	const found = [data.download_url, data.url].find((url) => typeof url === 'string' && url !== '');
	return typeof found === 'string' ? found : undefined;
}

function stringValues(value: unknown): Record<string, string> {
	if (!isPlainObject(value)) return {};
	return Object.fromEntries(
		Object.entries(value).map(([name, text]) => [name, String(text)] as const),
	);
}
