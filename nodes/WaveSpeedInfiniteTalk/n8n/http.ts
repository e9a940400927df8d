/** {@link Http} over n8n's request helpers. */
import type { IExecuteFunctions, IHttpRequestOptions, IWebhookFunctions } from 'n8n-workflow';
import type { ByteStream, Http, HttpRequest } from '../api/http';
import { NoResponseError, CancelledError } from '../api/http';
import { KEY_NOT_SENT, normalizeBaseUrl } from '../api/urls';
import { tapConsumer, tapProducer, IdleTimeout } from './transfer';

export const CREDENTIAL = 'waveSpeedInfiniteTalkApi';

const CLIENT_HEADERS = { 'X-Client-Name': 'n8n-nodes-wavespeed-infinitetalk' };

type Context = IExecuteFunctions | IWebhookFunctions;

/**
 * HTTP for one run of the node.
 *
 * @param cancelSignal fires when the user stops the execution
 */
export function createHttp(context: Context, cancelSignal: AbortSignal): Http {
	let key: Promise<string> | undefined;
	return {
		async send(request) {
			const answer = await sendRequest(context, cancelSignal, request, 'text');
			const text = typeof answer.body === 'string' ? answer.body : '';
			if (!request.authenticated) return { ...answer, text };
			key ??= readKey(context);
			return { ...answer, text: redact(await key, text) };
		},
		async open(request) {
			const cut = new AbortController();
			const answer = await sendRequest(context, cancelSignal, request, 'stream', cut);
			return {
				...answer,
				stream: endOnStall(answer.body as ByteStream, request.idleTimeoutMs, cut),
			};
		},
	};
}

/**
 * The base URL of the credential of this node.
 *
 * @throws Error with a sentence for the user when the credential cannot work
 */
export async function readBaseUrl(context: Context): Promise<string> {
	const { apiKey, baseUrl } = await context.getCredentials(CREDENTIAL);
	if (String(apiKey ?? '').trim() === '') {
		throw new Error(
			'The API Key of the WaveSpeed API credential is empty: open it and paste your key',
		);
	}
	return normalizeBaseUrl(String(baseUrl ?? ''));
}

async function readKey(context: Context): Promise<string> {
	const { apiKey } = await context.getCredentials(CREDENTIAL);
	return String(apiKey ?? '').replace(/\s+/g, '');
}

/** A service may repeat the key in the sentence with which it refuses it; people must not read it. */
export function redact(key: string, text: string): string {
	// What is shorter is no key, and would be found in any text.
	return key.length < 8 ? text : text.replaceAll(key, '***');
}

interface RawResponse {
	status: number;
	headers: Record<string, string>;
	body: unknown;
}

async function sendRequest(
	context: Context,
	stopped: AbortSignal,
	request: HttpRequest,
	encoding: 'text' | 'stream',
	cut = new AbortController(),
): Promise<RawResponse> {
	const stoppable = request.cancellable !== false;
	if (stopped.aborted) throw new CancelledError();
	const body = typeof request.body === 'object' ? await request.body.open() : request.body;
	// A file that breaks before the request listens must not end the process as an unheard error.
	if (typeof body === 'object' && 'on' in body) body.on('error', () => {});
	const timeout = request.timeoutMs === undefined ? [] : [AbortSignal.timeout(request.timeoutMs)];
	const bulk = typeof request.body === 'object' ? watchBody(request, body, cut) : undefined;
	const options: IHttpRequestOptions = {
		method: request.method,
		url: request.url,
		headers: {
			...request.headers,
			...(request.authenticated && CLIENT_HEADERS),
			...(typeof request.body === 'object' && { 'Content-Length': String(request.body.size) }),
		},
		...(body !== undefined && { body }),
		encoding,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// With redirects allowed n8n's HTTP client keeps the whole body in memory to send it again,
		// and a redirect would carry the key to another host.
		disableFollowRedirect: true,
		// n8n's timeout runs from the beginning of the request to the first byte of the answer, however
		// well a long body proceeds: bodies are watched here instead.
		timeout: bulk ? 0 : request.idleTimeoutMs,
		abortSignal: AbortSignal.any([cut.signal, ...(stoppable ? [stopped] : []), ...timeout]),
	};
	try {
		const answer: unknown = request.authenticated
			? await context.helpers.httpRequestWithAuthentication.call(
					withoutOwnSignal(context),
					CREDENTIAL,
					options,
				)
			: await context.helpers.httpRequest(options);
		return toRawResponse(answer);
	} catch (error) {
		throw stoppable && stopped.aborted ? new CancelledError() : toNoResponseError(error);
	} finally {
		bulk?.stop();
		if (body !== undefined && typeof body === 'object' && 'destroy' in body) body.destroy();
	}
}

/** Cuts the request off when its body makes no progress, or no answer follows. */
function watchBody(
	{ body, idleTimeoutMs }: HttpRequest,
	content: ByteStream | Buffer | string | undefined,
	cut: AbortController,
): IdleTimeout {
	const watchdog = new IdleTimeout(idleTimeoutMs, () => cut.abort());
	if (typeof content === 'object' && !Buffer.isBuffer(content))
		tapConsumer(content, watchdog.touch);
	else if (typeof body === 'object') watchdog.touch(body.size);
	return watchdog;
}

/**
 * n8n replaces the request's signal by the execution's own wherever it finds one on `this`. That
 * would cut the submission off at Stop and lose the ID of a job that costs money.
 */
function withoutOwnSignal(context: Context): Context {
	return new Proxy(context, {
		has: (target, name) => name !== 'getExecutionCancelSignal' && Reflect.has(target, name),
	});
}

function toRawResponse(answer: unknown): RawResponse {
	const { statusCode, headers, body } = answer as {
		statusCode: number;
		headers: Record<string, unknown>;
		body: unknown;
	};
	const entries = Object.entries(headers).map(
		([name, value]) => [name.toLowerCase(), String(value)] as const,
	);
	return { status: statusCode, headers: Object.fromEntries(entries), body };
}

/** In words, because n8n replaces a message that contains such a code by a sentence of its own. */
const MESSAGES: Record<string, string> = {
	TIMEOUT: 'no answer in time',
	ECONNRESET: 'the connection was broken',
	EPIPE: 'the connection was broken',
	ECONNREFUSED: 'the connection was refused',
	ENOTFOUND: 'there is no host of that name',
	EAI_AGAIN: 'the host name could not be looked up',
	EHOSTUNREACH: 'the host cannot be reached',
	ENETUNREACH: 'the network cannot be reached',
	CERT_HAS_EXPIRED: 'the certificate of the server has expired',
};

/**
 * What n8n throws when there is no answer; the Node.js code sits at different depths. Only what is
 * known to happen before sending counts as not sent: an unknown error may have come after it.
 */
function toNoResponseError(error: unknown): NoResponseError {
	const chain = causes(error);
	const code = chain.map(codeOf).find((found) => found !== undefined) ?? 'UNKNOWN';
	const deepest = chain.at(-1)?.message ?? 'no answer';
	const refusedLocally = code === KEY_NOT_SENT || chain.some(({ name }) => /^Ssrf/.test(name));
	const timedOut =
		['ECONNABORTED', 'ETIMEDOUT', 'ERR_CANCELED'].includes(code) ||
		chain.some(({ name }) => name === 'TimeoutError');
	const kind = timedOut ? 'TIMEOUT' : code;
	return new NoResponseError(kind, MESSAGES[kind] ?? deepest, refusedLocally);
}

function causes(error: unknown): Error[] {
	const chain: Error[] = [];
	for (let next = error; next instanceof Error && chain.length < 5; next = next.cause) {
		chain.push(next);
	}
	return chain;
}

function codeOf(error: Error): string | undefined {
	const { code } = error as { code?: unknown };
	return typeof code === 'string' && code !== '' ? code : undefined;
}

/** n8n's timeout ends with the answer's headers; this covers the body. */
function endOnStall(stream: ByteStream, silenceMs: number, cut: AbortController): ByteStream {
	const watchdog = new IdleTimeout(silenceMs, () => {
		stream.destroy(new NoResponseError('TIMEOUT', 'the transfer stalled'));
		// The stream that n8n gives does not let go of its connection while that is silent.
		cut.abort();
	});
	stream.once('close', () => watchdog.stop());
	// A connection that breaks before anybody reads must not end the process as an unheard error.
	stream.on('error', () => {});
	return tapProducer(stream, watchdog.touch);
}
