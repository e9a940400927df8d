/** The step that makes a file of the run of each address that a medium is given by. */
import { ApiError } from '../api/errors';
import { openFollowing } from '../api/openFollowing';
import type { ByteStream, Http } from '../api/http';
import { CancelledError, NoResponseError } from '../api/http';
import { FETCH_LIMITS, FETCH_TRIES, FIRST_TRANSFER_PAUSE_MS } from '../api/limits';
import { mediaRefusal } from '../api/urls';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import { toJobError } from '../errors/errorMessages';
import { JobError, jobError } from '../errors/jobError';
import { MAX_FILE_BYTES, megabytes } from '../inputs/checkFile';
import { directUrl, otherWay, showAddress, signatureEnd } from '../inputs/links';
import type { LocalFile } from '../inputs/request';
import type { Clock } from '../shared/clock';
import { Semaphore } from '../shared/semaphore';
import { toCleanError } from '../shared/redact';
import { toResult } from '../shared/result';
import { retry } from '../shared/retry';

/** Fetches in flight: each writes to n8n's storage as fast as the network gives. */
const MAX_CONCURRENT_FETCHES = 3;
/** Characters of a file's name that are kept of what a stranger's server says. */
const MAX_NAME_CHARACTERS = 200;
/** What a `Content-Type` may look like to be handed on. */
const MEDIA_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,80}$/;

/** Keeps a stream as a file of the run; must read it to its end. */
export type Store = (stream: ByteStream, name: string, type: string) => Promise<LocalFile>;

/** Fetches each address once in a run: within it, an address stands for one file. */
export class MediaFetcher {
	private readonly started = new Map<string, Promise<LocalFile>>();
	private readonly limit = new Semaphore(MAX_CONCURRENT_FETCHES);
	private hasFailed = false;

	/**
	 * @param baseUrl of the API: one on loopback may be given addresses on loopback
	 * @param keepGoing false to begin no further fetch once one has failed
	 */
	constructor(
		private readonly http: Http,
		private readonly baseUrl: string,
		private readonly clock: Clock,
		private readonly keepGoing: boolean,
		private readonly store: Store,
	) {}

	/**
	 * The file at an address, of at most 200 MiB.
	 *
	 * @param url as {@link checkPublicUrl} gives it
	 * @throws JobError that names the input, when the address gives no file
	 * @throws CancelledError when it was not begun, as another fetch had failed
	 */
	async file(input: InputName, url: string): Promise<LocalFile> {
		const running = this.started.get(url) ?? this.limit.run(async () => await this.fetch(url));
		this.started.set(url, running);
		const result = await toResult(running);
		if ('value' in result) return result.value;
		const { error } = result;
		if (!(error instanceof JobError)) throw error;
		const { message, advice, details } = error;
		const named = `${INPUT_LABELS[input]}: ${message}`;
		throw jobError(named, advice, { ...details, input }, { cause: error });
	}

	private async fetch(url: string): Promise<LocalFile> {
		if (this.hasFailed && !this.keepGoing) throw new CancelledError();
		const result = await toResult(
			retry(async () => await this.fetchOnce(url), {
				tries: FETCH_TRIES,
				isRetryable,
				delayMs: (failures) => FIRST_TRANSFER_PAUSE_MS * 2 ** (failures - 1),
				clock: this.clock,
			}),
		);
		if ('value' in result) return result.value;
		this.hasFailed = true;
		const { error } = result;
		if (error instanceof CancelledError || error instanceof JobError) throw error;
		throw fetchError(error, new URL(url), this.clock.now());
	}

	private async fetchOnce(url: string): Promise<LocalFile> {
		const opened = await openFollowing(this.http, url, {
			refusalOf: (next, from) => mediaRefusal(next, this.baseUrl, from),
			directUrl,
			...FETCH_LIMITS,
			maxBytes: MAX_FILE_BYTES,
		});
		if ('refusal' in opened) {
			throw refuse(
				`the URL ${showAddress(url)} ${opened.refusal}`,
				'Fetch the file with the HTTP Request node and switch the field to File.',
			);
		}
		const { stream, headers } = opened.response;
		try {
			if (Number(headers['content-length'] ?? 0) > MAX_FILE_BYTES) throw tooLarge(url);
			const declared = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
			const type = MEDIA_TYPE.test(declared) ? declared : 'application/octet-stream';
			return { ...(await this.store(stream, fileName(headers, opened.url), type)), url };
		} finally {
			stream.destroy();
		}
	}
}

function isRetryable(error: unknown): boolean {
	if (error instanceof CancelledError || error instanceof JobError) return false;
	if (!(error instanceof ApiError)) return !isTooLarge(error);
	const { cause } = error;
	// No such host, or a certificate that is not trusted: the next try would end the same.
	const isFinal =
		cause instanceof NoResponseError &&
		cause.neverSent &&
		!['ECONNREFUSED', 'EAI_AGAIN'].includes(cause.code);
	return error.transient && !isFinal;
}

function isTooLarge(error: unknown): boolean {
	return error instanceof NoResponseError && error.code === 'TOO_LONG';
}

function fetchError(error: unknown, url: URL, now: number): JobError {
	const shown = showAddress(url.href);
	if (isTooLarge(error)) return tooLarge(url.href);
	const status = error instanceof ApiError ? error.details.status : undefined;
	const cause = error instanceof ApiError ? error : toCleanError(error);
	if (error instanceof ApiError && ['proxy', 'certificate'].includes(error.kind)) {
		const { advice } = toJobError(error, { step: 'fetch' });
		return refuse(`${shown} could not be fetched: ${error.message}`, advice, { cause });
	}
	if (status === undefined) {
		return refuse(
			`${shown} could not be fetched: ${cause.message}`,
			'Check the URL and the network connection of n8n, or try again later.',
			{ cause },
		);
	}
	const end = signatureEnd(url);
	if (status >= 400 && status < 500 && end !== undefined && end < now) {
		const date = new Date(end).toISOString().replace('T', ' ').slice(0, 16);
		return refuse(
			`${shown} returned HTTP ${status}: the link expired on ${date} UTC`,
			`Use a fresh link. Or: ${otherWay(url)}`,
			{ cause },
		);
	}
	const [reason, advice] = explainStatus(status, url);
	return refuse(`${shown} returned HTTP ${status}: ${reason}`, advice, { cause });
}

function explainStatus(status: number, url: URL): [reason: string, advice: string] {
	switch (status) {
		case 401:
			return ['it requires a login', otherWay(url)];
		case 403:
			return ['the file is not public', otherWay(url)];
		case 404:
			return ['there is no file at this URL', 'Check the URL.'];
		case 410:
			return ['the file is gone', 'Use the URL of a file that still exists.'];
		case 429:
			return ['it got too many requests', 'Try again later.'];
		default:
			return status >= 500
				? ['its server is having problems', 'Try again later.']
				: ['it refused the request', otherWay(url)];
	}
}

function tooLarge(url: string): JobError {
	return refuse(
		`the file at ${showAddress(url)} is too large: the limit is ${megabytes(MAX_FILE_BYTES)}`,
		'Make it smaller (MP3 instead of WAV, JPG instead of PNG).',
	);
}

function refuse(message: string, advice: string, options?: ErrorOptions): JobError {
	return jobError(message, advice, { step: 'fetch' }, options);
}

/** The name that the server gives, else the last part of the address; at most 200 characters. */
function fileName(headers: Record<string, string>, url: string): string {
	const disposition = (headers['content-disposition'] ?? '').slice(0, 4 * MAX_NAME_CHARACTERS);
	const given =
		/filename\*=utf-8''([^;]+)/i.exec(disposition)?.[1] ??
		/filename="?([^";]+)/i.exec(disposition)?.[1] ??
		new URL(url).pathname;
	const name = decode(given).split(/[\\/]/).at(-1) ?? '';
	return name.slice(-MAX_NAME_CHARACTERS) || 'file';
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
