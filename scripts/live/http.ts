/** The product's `Http` in plain Node.js: keeps what was said, and spends no more than was agreed to. */
import { Agent, request as send, type Dispatcher } from 'undici';
import { WaveSpeedInfiniteTalkApi } from '../../credentials/WaveSpeedInfiniteTalkApi.credentials';
import { parseJson } from '../../nodes/WaveSpeedInfiniteTalk/api/envelope';
import type { Http, HttpRequest, HttpResponse } from '../../nodes/WaveSpeedInfiniteTalk/api/http';
import { toNoResponseError } from '../../nodes/WaveSpeedInfiniteTalk/n8n/noResponse';
import { redact } from '../../nodes/WaveSpeedInfiniteTalk/shared/redact';

/** Jobs that one pass submits at most. */
export const MAX_JOBS = 3;

export interface Account {
	apiKey: string;
	/** Of the API, without a slash at the end. */
	baseUrl: string;
}

/** What was asked and answered. */
export interface Exchange {
	method: string;
	/** Below the API's address; `put` or `download` for a transfer. */
	path: string;
	/** HTTP status; absent when there was no response. */
	status?: number;
	/** The JSON of the API. */
	response?: unknown;
}

/** POSTs that make no job. */
const FREE = /^(model\/price|media\/|predictions$|predictions\/delete$|billings\/)/;

/** HTTP by undici. The node's own credential decides which requests get the key. */
export class LiveHttp implements Http {
	readonly exchanges: Exchange[] = [];
	private readonly credential = new WaveSpeedInfiniteTalkApi();
	private jobsLeft = 0;

	constructor(
		private readonly account: Account,
		private readonly dispatcher: Dispatcher = new Agent(),
	) {}

	/** Lets {@link MAX_JOBS} submissions through, and none before. To be called once. */
	allowJobs(): void {
		this.jobsLeft = MAX_JOBS;
	}

	/** @throws Error when the request would make a job that was not agreed to */
	async send(request: HttpRequest): Promise<HttpResponse> {
		const { status, headers, bytes } = await this.fetch(request);
		return { status, headers, text: redact(this.account.apiKey, bytes.toString()) };
	}

	/** Not needed: what is read here is small. */
	async open(): Promise<never> {
		throw new Error('The pass reads nothing by stream.');
	}

	/** Like {@link send}, with the body as it came. */
	async fetch(request: HttpRequest) {
		const { method } = request;
		const api = `${this.account.baseUrl}/api/v3/`;
		const isApi = request.url.startsWith(api);
		const transfer = method === 'PUT' ? 'put' : 'download';
		const path = isApi ? request.url.slice(api.length).replace(/\?.*$/, '') : transfer;
		const isSubmit = isApi && method === 'POST' && !FREE.test(path);
		if (isSubmit && this.jobsLeft-- <= 0) {
			throw new Error('The pass may not submit this job: it was not agreed to.');
		}
		const exchange: Exchange = { method, path };
		this.exchanges.push(exchange);
		const response = await this.request(request).catch((error: unknown) => {
			throw toNoResponseError(error, this.account.apiKey);
		});
		// A refusal makes no job.
		if (isSubmit && response.status >= 400 && response.status < 500) this.jobsLeft++;
		exchange.status = response.status;
		if (isApi) exchange.response = parseJson(response.bytes.toString());
		return response;
	}

	/** Ends all connections. */
	async close(): Promise<void> {
		await this.dispatcher.destroy();
	}

	private async request(request: HttpRequest) {
		const { method, url, headers = {}, body, authenticated, idleTimeoutMs } = request;
		const signed = authenticated
			? await this.credential.authenticate({ ...this.account }, { url, headers })
			: { headers };
		const response = await send(url, {
			method,
			dispatcher: this.dispatcher,
			headers: {
				...(signed.headers as Record<string, string>),
				...(typeof body === 'object' && { 'content-length': String(body.size) }),
			},
			body: typeof body === 'object' ? await body.open() : (body ?? null),
			headersTimeout: idleTimeoutMs,
			bodyTimeout: idleTimeoutMs,
		});
		const flat = Object.entries(response.headers).map(
			([name, value]) => [name, [value ?? ''].flat().join(', ')] as const,
		);
		const bytes = Buffer.from(await response.body.arrayBuffer());
		return { status: response.statusCode, headers: Object.fromEntries(flat), bytes };
	}
}
