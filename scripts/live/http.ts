/** The product's `Http` in plain Node.js: keeps what was said, and spends no more than was agreed to. */
import { Agent, request as send, type Dispatcher } from 'undici';
import { WaveSpeedInfiniteTalkApi } from '../../credentials/WaveSpeedInfiniteTalkApi.credentials';
import { parseJson } from '../../nodes/WaveSpeedInfiniteTalk/api/envelope';
import type {
	ByteStream,
	Http,
	HttpRequest,
	HttpResponse,
	HttpStream,
} from '../../nodes/WaveSpeedInfiniteTalk/api/http';
import { MODELS } from '../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { toNoResponseError } from '../../nodes/WaveSpeedInfiniteTalk/n8n/noResponse';
import { redact } from '../../nodes/WaveSpeedInfiniteTalk/shared/redact';
import { callOf, type CallName } from './calls';

/** Jobs that one pass submits at most. */
export const MAX_JOBS = 3;

export interface Account {
	apiKey: string;
	/** Of the API, without a slash at the end. */
	baseUrl: string;
}

/** What was asked and answered, as raw as it came. */
export interface Exchange {
	call: CallName;
	method: string;
	url: string;
	/** The JSON that was sent, if any. */
	sent?: unknown;
	/** Bytes that were sent as a file. */
	sentBytes?: number;
	/** HTTP status; absent when there was no response. */
	status?: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	/** The answer: parsed where it is JSON, else its text; absent for a download. */
	answer?: unknown;
	/** Code of the error where there was no response. */
	error?: string;
}

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

	/** The answers to a call so far, oldest first. */
	of(call: CallName): Exchange[] {
		return this.exchanges.filter((exchange) => exchange.call === call);
	}

	/** @throws Error when the request would make a job that was not agreed to */
	async send(request: HttpRequest): Promise<HttpResponse> {
		const exchange = this.begin(request);
		const isSubmit = exchange.call === 'submit';
		if (isSubmit && this.jobsLeft-- <= 0) {
			throw new Error('The pass may not submit this job: it was not agreed to.');
		}
		return await this.orError(exchange, async () => {
			const { status, headers, stream } = await this.request(request);
			const text = redact(this.account.apiKey, await stream.text());
			// A refusal makes no job.
			if (isSubmit && status >= 400 && status < 500) this.jobsLeft++;
			const answer = exchange.call === 'models' ? ownModels(parseJson(text)) : parseJson(text);
			Object.assign(exchange, { status, headers, answer: answer ?? text });
			return { status, headers, text };
		});
	}

	async open(request: HttpRequest): Promise<HttpStream> {
		if (request.method !== 'GET') throw new Error('Only downloads are read as streams.');
		const exchange = this.begin(request);
		return await this.orError(exchange, async () => {
			const { status, headers, stream } = await this.request(request);
			Object.assign(exchange, { status, headers });
			return { status, headers, stream: stream as ByteStream };
		});
	}

	/** Ends all connections. */
	async close(): Promise<void> {
		await this.dispatcher.destroy();
	}

	private begin({ method, url, body }: HttpRequest): Exchange {
		const exchange: Exchange = {
			call: callOf(method, url, this.account.baseUrl),
			method,
			url,
			headers: {},
			...(typeof body === 'string' && { sent: parseJson(body) }),
			...(typeof body === 'object' && { sentBytes: body.size }),
		};
		this.exchanges.push(exchange);
		return exchange;
	}

	private async orError<T>(exchange: Exchange, work: () => Promise<T>): Promise<T> {
		return await work().catch((error: unknown) => {
			const failure = toNoResponseError(error, this.account.apiKey);
			exchange.error = failure.code;
			throw failure;
		});
	}

	private async request(request: HttpRequest) {
		const { method, url, body, idleTimeoutMs, timeoutMs } = request;
		const response = await send(url, {
			method,
			dispatcher: this.dispatcher,
			headers: await this.headersOf(request),
			body: typeof body === 'object' ? await body.open() : (body ?? null),
			headersTimeout: idleTimeoutMs,
			bodyTimeout: idleTimeoutMs,
			...(timeoutMs !== undefined && { signal: AbortSignal.timeout(timeoutMs) }),
		});
		// Without a listener, a stream that breaks before it is read would end the process.
		response.body.on('error', () => undefined);
		return {
			status: response.statusCode,
			headers: flat(response.headers),
			stream: response.body,
		};
	}

	private async headersOf(request: HttpRequest): Promise<Record<string, string>> {
		const { url, headers = {}, body, authenticated } = request;
		const length = typeof body === 'object' ? { 'content-length': String(body.size) } : {};
		if (!authenticated) return { ...headers, ...length };
		const signed = await this.credential.authenticate({ ...this.account }, { url, headers });
		return { ...(signed.headers as Record<string, string>), ...length };
	}
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
	return Object.fromEntries(
		Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
	);
}

/** The list has about a thousand models; those of the node are what matters here. */
function ownModels(answer: unknown): unknown {
	const { data } = (answer ?? {}) as { data?: unknown };
	if (!Array.isArray(data)) return answer;
	const ids = new Set<unknown>(Object.values(MODELS).map(({ id }) => id));
	const own = data.filter((model: { model_id?: unknown }) => ids.has(model?.model_id));
	return { ...(answer as object), data: own };
}
