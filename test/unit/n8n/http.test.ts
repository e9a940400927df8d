/** What this side sends, and what is left of n8n's errors. */
import { describe, expect, it } from '@jest/globals';
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { Readable } from 'node:stream';
import { inspect } from 'util';
import { toApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import type { HttpRequest, HttpResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { toJobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/errorMessages';
import { readAccount } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/account';
import { createHttp } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';

const KEY = 'wsk_secret_0123456789';
const SIGNED = 'https://storage.example/put?X-Signature=signed0123';

const PUT: HttpRequest = {
	method: 'PUT',
	url: SIGNED,
	headers: { 'If-None-Match': '*' },
	body: { size: 2, open: async () => await Promise.resolve(Readable.from('ab')) },
	authenticated: false,
	idleTimeoutMs: 1_000,
};
const POST: HttpRequest = {
	method: 'POST',
	url: 'https://api.wavespeed.ai/api/v3/x',
	headers: { 'Content-Type': 'application/json' },
	body: '{}',
	authenticated: true,
	idleTimeoutMs: 1_000,
};

/** n8n's context with request helpers that do this. */
function createContext(act: (options: IHttpRequestOptions) => unknown): IExecuteFunctions {
	const request = async (options: IHttpRequestOptions) => await Promise.resolve(act(options));
	return {
		getCredentials: async () => await Promise.resolve({ apiKey: KEY }),
		helpers: {
			httpRequest: request,
			async httpRequestWithAuthentication(_type: string, options: IHttpRequestOptions) {
				return await request(options);
			},
		},
	} as unknown as IExecuteFunctions;
}

async function headersOf(request: HttpRequest): Promise<IDataObject> {
	let sent: IDataObject = {};
	const context = createContext(({ headers = {} }) => {
		sent = headers;
		return { statusCode: 200, headers: {}, body: Readable.from([]) };
	});
	await createHttp(context, new AbortController().signal).send(request);
	return sent;
}

it.each([
	['the API', POST],
	['the storage', PUT],
	['a download', { ...POST, method: 'GET', body: undefined, authenticated: false }],
] as Array<[string, HttpRequest]>)(
	'a redirect of %s is not followed by itself',
	async (_, request) => {
		const asked: IHttpRequestOptions[] = [];
		const context = createContext((options) => {
			asked.push(options);
			const headers = { location: 'https://10.0.0.1/elsewhere' };
			return { statusCode: 307, headers, body: Readable.from([]) };
		});
		const { status } = await createHttp(context, new AbortController().signal).open(request);
		expect([status, asked.map(({ disableFollowRedirect }) => disableFollowRedirect)]).toEqual([
			...[307, [true]],
		]);
	},
);

it('an account is told by its key and its base URL, however they were pasted', async () => {
	const idOf = async (apiKey: string, baseUrl: string) => {
		const getCredentials = async () => await Promise.resolve({ apiKey, baseUrl });
		const context = { getCredentials } as unknown as IExecuteFunctions;
		return (await readAccount(context)).accountId;
	};
	const id = await idOf(KEY, 'https://api.wavespeed.ai');
	expect(id).toMatch(/^[0-9a-f]{64}$/);
	expect(await idOf(` ${KEY}\n`, ' https://api.wavespeed.ai/ ')).toBe(id);
	const others = [
		await idOf(`${KEY}0`, 'https://api.wavespeed.ai'),
		await idOf(KEY, 'https://proxy.example'),
		await idOf(KEY, 'https://proxy.example/wavespeed'),
	];
	expect(new Set([id, ...others]).size).toBe(4);
});

it.each([
	['If-None-Match', '*', { 'Content-Type': false }],
	['Content-Type', 'audio/wav', {}],
	['content-type', 'audio/wav', {}],
	['content-length', '7', { 'Content-Type': false }],
])('a PUT with %s: %s of its ticket has the true length, and no other type', async (...row) => {
	const [name, value, rest] = row;
	const sent = await headersOf({ ...PUT, headers: { [name]: value } });
	const given = name === 'content-length' ? {} : { [name]: value };
	expect(sent).toEqual({ ...given, ...rest, 'Content-Length': '2' });
});

/** As n8n throws them: an Axios error, bare or in an error of its own. */
function createAxiosError(url: string): Error {
	const cause = Object.assign(new Error(`read ${KEY}`), { code: 'ECONNRESET' });
	return Object.assign(new Error(`${url} failed for ${KEY}`, { cause }), {
		name: 'AxiosError',
		config: { url, headers: { Authorization: `Bearer ${KEY}` }, data: '{}' },
		request: { _header: `POST ${url}\r\nAuthorization: Bearer ${KEY}` },
		response: { config: { headers: { Authorization: `Bearer ${KEY}` } } },
	});
}

describe.each([
	['the API', POST],
	['the storage', PUT],
])('an error of a request to %s', (_what, request) => {
	async function thrown(): Promise<NoResponseError> {
		const context = createContext(({ url }) => {
			throw new Error('NodeApiError', { cause: createAxiosError(url) });
		});
		const error: unknown = await createHttp(context, new AbortController().signal)
			.send(request)
			.catch((reason: unknown) => reason);
		if (!(error instanceof NoResponseError)) throw error;
		return error;
	}

	it('keeps its cause', async () => {
		const error = toJobError(toApiError(await thrown()), { step: 'upload' });
		expect(error).toMatchObject({
			name: 'JobError',
			cause: {
				name: 'ApiError',
				cause: {
					name: 'NoResponseError',
					code: 'ECONNRESET',
					cause: { cause: { name: 'AxiosError', cause: { message: expect.any(String) } } },
				},
			},
		});
	});

	it('tells neither the key, nor a header, nor a signature', async () => {
		const failed = await thrown();
		const all = [failed, toApiError(failed), toJobError(toApiError(failed), { step: 'upload' })];
		for (const error of all) {
			const told = `${inspect(error, { depth: 10, showHidden: true })}${JSON.stringify(error)}`;
			expect(told).toContain('ECONNRESET');
			expect(told).not.toMatch(/wsk_|Authorization|Bearer|X-Signature|signed0123/);
		}
	});
});

it.each([
	['before it is connected', { syscall: 'connect' }, true],
	['for each address of the host', { errors: [] }, true],
	['in the middle', { syscall: 'read' }, false],
	['nobody knows when', {}, false],
])('a network that is lost %s: certainly nothing was sent: %s', async (_when, facts, neverSent) => {
	const cause = Object.assign(new Error('lost'), { code: 'ENETUNREACH', ...facts });
	const context = createContext(() => {
		throw new Error('NodeApiError', { cause });
	});
	const sending = createHttp(context, new AbortController().signal).send(POST);
	await expect(sending).rejects.toMatchObject({ code: 'ENETUNREACH', neverSent });
});

it('n8n finds no signal of the execution, with which Stop would cut a submission off', async () => {
	const name = 'getExecutionCancelSignal';
	const seen: unknown[] = [];
	const context = createContext(() => ({ statusCode: 200, headers: {}, body: Readable.from([]) }));
	const { helpers } = context;
	const send = helpers.httpRequestWithAuthentication;
	helpers.httpRequestWithAuthentication = async function (this: IExecuteFunctions, ...given) {
		seen.push(name in this, this[name], this.helpers);
		return (await send.call(this, ...given)) as unknown;
	};
	context[name] = () => undefined;
	await createHttp(context, new AbortController().signal).send(POST);
	expect(seen).toEqual([false, undefined, helpers]);
});

it('an answer that repeats the key does not tell it', async () => {
	const { text } = await answerTo(POST, [Buffer.from(`No such key: ${KEY}`)]);
	expect(text).toBe('No such key: ***');
});

it('an answer is the same however it is cut into pieces', async () => {
	const bytes = Buffer.from('\uFEFF{"prompt":"Grüße"}');
	const pieces = [...bytes].map((byte) => Buffer.from([byte]));
	expect(await answerTo(POST, pieces)).toMatchObject({ text: '{"prompt":"Grüße"}' });
});

it('an answer without end is not read to the end', async () => {
	let read = 0;
	function* endless() {
		for (;;) {
			read += 1;
			yield Buffer.alloc(1024 * 1024, 'a');
		}
	}
	await expect(answerTo(POST, endless())).rejects.toMatchObject({
		code: 'TOO_LONG',
		neverSent: false,
	});
	expect(read).toBeLessThan(40);
});

async function answerTo(request: HttpRequest, body: Iterable<Buffer>): Promise<HttpResponse> {
	const context = createContext(() => ({
		statusCode: 401,
		headers: {},
		body: Readable.from(body),
	}));
	return await createHttp(context, new AbortController().signal).send(request);
}
