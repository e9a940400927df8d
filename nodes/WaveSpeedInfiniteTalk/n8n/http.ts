/** {@link Http} over n8n's request helpers. */
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';
import type { ByteStream, Http, HttpRequest, HttpStream } from '../api/http';
import { CancelledError, NoResponseError } from '../api/http';
import { redact } from '../shared/redact';
import type { AccountContext } from './account';
import { CREDENTIAL, readKey } from './account';
import { toNoResponseError } from './noResponse';
import { readText, tapConsumer, tapProducer, TransferTimeout } from './transfer';

const CLIENT_HEADERS = { 'X-Client-Name': 'n8n-nodes-wavespeed-infinitetalk' };

/**
 * HTTP for one run of the node.
 *
 * @param cancelSignal fires when the user stops the execution
 * @param readSecret gives the key that must not be seen in errors; empty where no request needs one
 */
export function createHttp(
	context: AccountContext,
	cancelSignal: AbortSignal,
	readSecret = async () => await readKey(context),
): Http {
	let known = '';
	/** Read once a run, also for requests without it: an error may hold it all the same. */
	const knownKey = async () => (known ||= await readSecret());
	async function open(request: HttpRequest, key: string): Promise<HttpStream> {
		const controller = new AbortController();
		const { body, ...response } = await sendRequest(
			context,
			cancelSignal,
			request,
			key,
			controller,
		);
		return { ...response, stream: guard(body, request, controller) };
	}
	return {
		async send(request) {
			const key = await knownKey();
			const { stream, ...response } = await open(request, key);
			try {
				return { ...response, text: redact(key, await readText(stream)) };
			} catch (error) {
				throw toTransportError(error, request, cancelSignal, key);
			}
		},
		async open(request) {
			return await open(request, await knownKey());
		},
	};
}

interface RawResponse {
	status: number;
	headers: Record<string, string>;
	body: ByteStream;
}

async function sendRequest(
	context: AccountContext,
	cancelSignal: AbortSignal,
	request: HttpRequest,
	key: string,
	controller: AbortController,
): Promise<RawResponse> {
	if (cancelSignal.aborted) throw new CancelledError();
	const body = typeof request.body === 'object' ? await request.body.open() : request.body;
	// Without a listener, a file that breaks before the request reads it would end the process.
	if (typeof body === 'object') body.on('error', () => {});
	const timeout = request.timeoutMs === undefined ? [] : [AbortSignal.timeout(request.timeoutMs)];
	const bulk = typeof body === 'object' ? watchBody(request, body, controller) : undefined;
	const options: IHttpRequestOptions = {
		method: request.method,
		url: request.url,
		headers: headersOf(request),
		...(body !== undefined && { body }),
		// Answers of the API as well: n8n would read them into memory whole, however long they are.
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// With redirects allowed, n8n's HTTP client keeps the whole body in memory to send it again,
		// and a redirect would carry the key to another host.
		disableFollowRedirect: true,
		// n8n's timeout runs from the start of the request to the first byte of the response, even while
		// a long body makes progress, so bodies are watched here instead.
		timeout: bulk ? 0 : request.idleTimeoutMs,
		abortSignal: AbortSignal.any([
			controller.signal,
			...(isCancellable(request) ? [cancelSignal] : []),
			...timeout,
		]),
	};
	try {
		const response: unknown = request.authenticated
			? await context.helpers.httpRequestWithAuthentication.call(
					withoutOwnSignal(context),
					CREDENTIAL,
					options,
				)
			: await context.helpers.httpRequest(options);
		return toRawResponse(response);
	} catch (error) {
		throw toTransportError(error, request, cancelSignal, key);
	} finally {
		bulk?.stop();
		if (body !== undefined && typeof body === 'object' && 'destroy' in body) body.destroy();
	}
}

function isCancellable({ cancellable }: HttpRequest): boolean {
	return cancellable !== false;
}

function toTransportError(
	error: unknown,
	request: HttpRequest,
	cancelSignal: AbortSignal,
	key: string,
): CancelledError | NoResponseError {
	if (isCancellable(request) && cancelSignal.aborted) return new CancelledError();
	return error instanceof NoResponseError ? error : toNoResponseError(error, key);
}

/** Adds the name of the client and the true `Content-Length`, which replaces one that a ticket names. */
function headersOf({ headers = {}, body, authenticated }: HttpRequest): IDataObject {
	const given = Object.keys(headers).map((name) => name.toLowerCase());
	const isForeignLength = (name: string) => name.toLowerCase() === 'content-length';
	const own = Object.entries(headers).filter(([name]) => !isForeignLength(name));
	return {
		...Object.fromEntries(own),
		...(authenticated && CLIENT_HEADERS),
		...(typeof body === 'object' && { 'Content-Length': String(body.size) }),
		// Axios would send `application/x-www-form-urlencoded`, which a signed address refuses.
		...(body !== undefined && !given.includes('content-type') && { 'Content-Type': false }),
	};
}

/** Aborts the request when its body makes no progress, or no response follows. */
function watchBody(
	request: HttpRequest,
	content: ByteStream,
	controller: AbortController,
): TransferTimeout {
	const timeout = new TransferTimeout(request, () => controller.abort());
	tapConsumer(content, timeout.touch);
	return timeout;
}

/** Where n8n looks for the execution's signal. */
const OWN_SIGNAL = 'getExecutionCancelSignal';

/**
 * n8n replaces the request's signal by the execution's own wherever it finds one on `this`. That
 * would cut the submission off at Stop and lose the ID of a job that costs money.
 */
function withoutOwnSignal(context: AccountContext): AccountContext {
	return new Proxy(context, {
		has: (target, name) => name !== OWN_SIGNAL && Reflect.has(target, name),
		get: (target, name, self) =>
			name === OWN_SIGNAL ? undefined : Reflect.get(target, name, self),
	});
}

function toRawResponse(response: unknown): RawResponse {
	const { statusCode, headers, body } = response as {
		statusCode: number;
		headers: Record<string, unknown>;
		body: ByteStream;
	};
	const entries = Object.entries(headers).map(
		([name, value]) => [name.toLowerCase(), String(value)] as const,
	);
	return { status: statusCode, headers: Object.fromEntries(entries), body };
}

/** Ends a body that stalls or is too long. n8n's timeout covers the response up to its headers only. */
function guard(stream: ByteStream, request: HttpRequest, controller: AbortController): ByteStream {
	const end = (code: string, message: string) => {
		stream.destroy(new NoResponseError(code, message));
		// Destroying n8n's stream does not close its connection while no data arrives.
		controller.abort();
	};
	const timeout = new TransferTimeout(request, () => end('TIMEOUT', 'the transfer stalled'));
	stream.once('close', () => timeout.stop());
	// Without a listener, a connection that breaks before anybody reads would end the process.
	stream.on('error', () => {});
	let left = request.maxBytes ?? Number.POSITIVE_INFINITY;
	return tapProducer(stream, (bytes) => {
		left -= bytes;
		if (left < 0) end('TOO_LONG', 'the response is too large');
		else timeout.touch(bytes);
	});
}
