/** The product's `Http` in plain Node.js. */
import { Agent, request as send } from 'undici';
import { WaveSpeedInfiniteTalkApi } from '../../credentials/WaveSpeedInfiniteTalkApi.credentials';
import type {
	ByteStream,
	Http,
	HttpRequest,
	HttpResponse,
	HttpStream,
} from '../../nodes/WaveSpeedInfiniteTalk/api/http';
import { toNoResponseError } from '../../nodes/WaveSpeedInfiniteTalk/n8n/noResponse';
import { redact } from '../../nodes/WaveSpeedInfiniteTalk/shared/redact';

export interface Account {
	apiKey: string;
	/** Of the API, without a slash at the end. */
	baseUrl: string;
}

/** HTTP by undici. The node's own credential decides which requests get the key. */
export class NodeHttp implements Http {
	private readonly agent = new Agent();
	private readonly credential = new WaveSpeedInfiniteTalkApi();

	constructor(private readonly account: Account) {}

	async send(request: HttpRequest): Promise<HttpResponse> {
		const { status, headers, stream } = await this.open(request);
		try {
			const chunks: Buffer[] = [];
			for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array));
			const text = redact(this.account.apiKey, Buffer.concat(chunks).toString());
			return { status, headers, text };
		} catch (error) {
			throw toNoResponseError(error, this.account.apiKey);
		}
	}

	async open(request: HttpRequest): Promise<HttpStream> {
		const { method, url, body, idleTimeoutMs, timeoutMs } = request;
		try {
			const response = await send(url, {
				method,
				dispatcher: this.agent,
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
				stream: response.body as ByteStream,
			};
		} catch (error) {
			throw toNoResponseError(error, this.account.apiKey);
		}
	}

	/** Ends all connections. */
	async close(): Promise<void> {
		await this.agent.destroy();
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
