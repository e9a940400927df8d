import { randomUUID } from 'node:crypto';
import { Agent, request, type Dispatcher } from 'undici';

/** n8n answered with something other than a success. */
export class N8nApiError extends Error {
	constructor(
		readonly method: string,
		readonly path: string,
		readonly status: number,
		readonly body: string,
	) {
		super(`${method} ${path} answered ${status}: ${body.slice(0, 2_000)}`);
		this.name = 'N8nApiError';
	}
}

/** What n8n knows a logged-in browser by. */
export interface Login {
	readonly cookie: string | undefined;
	readonly browserId: string;
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** Requests as the editor in a browser sends them: with its cookie and its own ID. */
export class Session {
	/** A connection for each request, as n8n may close one that is kept just when it is used again. */
	private readonly agent = new Agent({ pipelining: 0, headersTimeout: 0, bodyTimeout: 0 });
	private readonly browserId: string;
	private cookie: string | undefined;

	/** @param login of an earlier session, to go on as the same browser */
	constructor(
		private readonly baseUrl: string,
		login?: Login,
	) {
		this.browserId = login?.browserId ?? randomUUID();
		this.cookie = login?.cookie;
	}

	/**
	 * Calls n8n's API and returns the `data` of its answer. The type is what the caller knows of
	 * n8n's API; it is not checked.
	 *
	 * @throws N8nApiError on any status from 400
	 */
	async call<T>(method: Method, path: string, body?: unknown): Promise<T> {
		const answer = await this.send(method, path, {
			headers: body === undefined ? {} : { 'content-type': 'application/json' },
			body: body === undefined ? null : JSON.stringify(body),
		});
		const text = await answer.body.text();
		if (answer.statusCode >= 400) throw new N8nApiError(method, path, answer.statusCode, text);
		if (text === '') return undefined as T;
		const parsed: unknown = JSON.parse(text);
		return (isEnvelope(parsed) ? parsed.data : parsed) as T;
	}

	/** Sends a request with the session's cookie and keeps the cookie of the answer. */
	async send(
		method: Method,
		path: string,
		options: { headers?: Record<string, string>; body?: string | Buffer | null } = {},
	): Promise<Dispatcher.ResponseData> {
		const answer = await request(new URL(path, this.baseUrl), {
			...options,
			method,
			dispatcher: this.agent,
			headers: {
				'browser-id': this.browserId,
				...(this.cookie ? { cookie: this.cookie } : {}),
				...options.headers,
			},
		});
		for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
			if (line.startsWith('n8n-auth=')) this.cookie = line.split(';')[0];
		}
		return answer;
	}

	/** For a browser, or another session, that is to be logged in like this one. */
	get login(): Login {
		return { cookie: this.cookie, browserId: this.browserId };
	}

	async close(): Promise<void> {
		await this.agent.destroy();
	}
}

function isEnvelope(value: unknown): value is { data: unknown } {
	return (
		typeof value === 'object' &&
		value !== null &&
		'data' in value &&
		Object.keys(value).every((key) => ['data', 'count', 'nextCursor'].includes(key))
	);
}
