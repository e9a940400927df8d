/** What this side sends, and what is left of n8n's errors. */
import { expect, it } from '@jest/globals';
import type { IDataObject, IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { Readable } from 'node:stream';
import { inspect } from 'util';
import type { HttpRequest, HttpResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
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

/** n8n's context with a service that answers so. */
function createAnswer(body: Iterable<Buffer>): IExecuteFunctions {
	return createContext(() => ({ statusCode: 200, headers: {}, body: Readable.from(body) }));
}

/** The answer that a request gets. */
async function send(context: IExecuteFunctions, request = POST): Promise<HttpResponse> {
	return await createHttp(context, new AbortController().signal).send(request);
}

it('a redirect is not followed by itself, for the key would go with it', async () => {
	const asked: unknown[] = [];
	const context = createContext(({ disableFollowRedirect }) => {
		asked.push(disableFollowRedirect);
		const headers = { location: 'https://10.0.0.1/elsewhere' };
		return { statusCode: 307, headers, body: Readable.from([]) };
	});
	expect((await send(context)).status).toBe(307);
	expect(asked).toEqual([true]);
});

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
	['content-type', 'audio/wav', { 'content-type': 'audio/wav' }],
	['content-length', '7', { 'Content-Type': false }],
])('a PUT with %s: %s of its ticket has the true length, and no other type', async (...row) => {
	const [name, value, rest] = row;
	let sent: IDataObject = {};
	const context = createContext(({ headers = {} }) => {
		sent = headers;
		return { statusCode: 200, headers: {}, body: Readable.from([]) };
	});
	await send(context, { ...PUT, headers: { [name]: value } });
	expect(sent).toEqual({ ...rest, 'Content-Length': '2' });
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

// How an error is cleaned, to its last cause: ../shared/redact.test.ts.
it.each([
	['the API', POST],
	['the storage', PUT],
])('an error of %s keeps its cause, without key, header and signature', async (_what, request) => {
	const context = createContext(({ url }) => {
		throw new Error('NodeApiError', { cause: createAxiosError(url) });
	});
	const error: unknown = await send(context, request).catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(NoResponseError);
	const told = inspect(error, { depth: 10, showHidden: true });
	expect(told).toMatch(/AxiosError[^]*ECONNRESET/);
	expect(told).not.toMatch(/wsk_|Authorization|Bearer|X-Signature|signed0123/);
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
	await expect(send(context)).rejects.toMatchObject({ code: 'ENETUNREACH', neverSent });
});

it('n8n finds no signal of the execution, with which Stop would cut a submission off', async () => {
	const name = 'getExecutionCancelSignal';
	const seen: unknown[] = [];
	const context = createAnswer([]);
	const { helpers } = context;
	const request = helpers.httpRequestWithAuthentication;
	helpers.httpRequestWithAuthentication = async function (this: IExecuteFunctions, ...given) {
		seen.push(name in this, this[name], this.helpers);
		return (await request.call(this, ...given)) as unknown;
	};
	context[name] = () => undefined;
	await send(context);
	expect(seen).toEqual([false, undefined, helpers]);
});

it('an answer that repeats the key does not tell it', async () => {
	const context = createAnswer([Buffer.from(`No such key: ${KEY}`)]);
	expect((await send(context)).text).toBe('No such key: ***');
});

it('an answer is the same however it is cut into pieces', async () => {
	const bytes = Buffer.from('\uFEFF{"prompt":"Grüße"}');
	const pieces = [...bytes].map((byte) => Buffer.from([byte]));
	expect((await send(createAnswer(pieces))).text).toBe('{"prompt":"Grüße"}');
});

it('an answer without end is not read to the end', async () => {
	let read = 0;
	function* endless() {
		for (;;) {
			read += 1;
			yield Buffer.alloc(1024 * 1024, 'a');
		}
	}
	const failure = { code: 'TOO_LONG', neverSent: false };
	await expect(send(createAnswer(endless()))).rejects.toMatchObject(failure);
	expect(read).toBeLessThan(40);
});
