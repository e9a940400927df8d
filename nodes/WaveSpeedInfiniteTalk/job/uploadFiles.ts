/** The step that brings n8n's files to where the model can read them. */
import { createHash } from 'crypto';
import { isAllowedTransferUrl, parseUrl } from '../api/urls';
import type { SubmitBody, UploadTicket, WaveSpeedClient } from '../api/client';
import { ApiError, toApiError, errorFromTransfer } from '../api/errors';
import type { ByteBody, Http } from '../api/http';
import { NoResponseError } from '../api/http';
import type { Clock } from '../shared/clock';
import { toJobError } from './errorMessages';
import type { JobStore } from './jobStore';
import { Limit } from '../shared/limit';
import { multipartForm } from './multipart';
import { JobError, jobError } from './jobError';
import type { CheckedMedia, CheckedRequest, InputName, LocalFile } from './request';
import { INPUT_LABELS, INPUT_NAMES } from './request';
import { toResult } from '../shared/result';

/** Uploads in flight: enough to fill a line, few enough to keep memory flat. */
const UPLOADS_AT_ONCE = 3;
/** Tries for one file, each with a new ticket and a new stream. */
const TRIES = 4;
const FIRST_PAUSE_MS = 2_000;
/** However long the server asks to wait: its limits reset every minute. */
const LONGEST_PAUSE_MS = 120_000;
/** Silence after which a transfer to storage is given up. */
const TRANSFER_SILENCE_MS = 60_000;

type FileMedia = Extract<CheckedMedia, { file: unknown }>;

/** Uploads the files of one run, each distinct file once. */
export class Uploads {
	private readonly started = new Map<string, Promise<string>>();
	private readonly limit = new Limit(UPLOADS_AT_ONCE);
	/** Identity of a file → identity of the file with the same content that is uploaded for it. */
	private readonly sameContent = new Map<string, string>();
	private singleRequest = false;

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly http: Http,
		private readonly jobStore: JobStore,
		private readonly clock: Clock,
	) {}

	/**
	 * Finds files with equal content behind different names. Only files of equal size and equal first
	 * bytes are read for it, by stream.
	 */
	async findDuplicates(requests: readonly CheckedRequest[]): Promise<void> {
		const alike = new Map<string, Map<string, FileMedia>>();
		for (const request of requests) {
			for (const media of INPUT_NAMES.map((input) => request.media[input])) {
				if (!('file' in media)) continue;
				const look = `${media.file.size}:${media.headDigest}`;
				const group = alike.get(look) ?? new Map<string, FileMedia>();
				alike.set(look, group.set(media.file.identity, media));
			}
		}
		for (const group of alike.values()) {
			if (group.size < 2) continue;
			for (const [identity, media] of group) {
				const digest = await toResult(digestOf(media.file));
				// A file that cannot be read fails its own item, when it is uploaded.
				if ('value' in digest) this.sameContent.set(identity, digest.value);
			}
		}
	}

	/**
	 * The three addresses of one item.
	 *
	 * @throws JobProblem that names the input
	 */
	async mediaUrls(
		request: CheckedRequest,
	): Promise<Pick<SubmitBody, 'image' | 'left_audio' | 'right_audio'>> {
		const [image, left, right] = await allSettled(
			INPUT_NAMES.map(async (input) => await this.mediaUrl(input, request.media[input])),
		);
		return { image: image!, left_audio: left!, right_audio: right! };
	}

	private async mediaUrl(input: InputName, media: CheckedMedia): Promise<string> {
		if ('url' in media) return media.url;
		const identity = this.sameContent.get(media.file.identity) ?? media.file.identity;
		const known = this.jobStore.upload(identity);
		if (known) return known;
		const running = this.started.get(identity) ?? this.start(identity, media);
		const result = await toResult(running);
		if ('value' in result) return result.value;
		const { error } = result;
		if (error instanceof ApiError) throw toJobError(error, { step: 'upload', input });
		if (!(error instanceof JobError)) throw error;
		const { message, advice, details } = error;
		throw jobError(`${INPUT_LABELS[input]}: ${message}`, advice, { ...details, input });
	}

	private start(identity: string, media: FileMedia): Promise<string> {
		const upload = this.limit.run(async () => await this.uploadWithRetry(media));
		this.started.set(identity, upload);
		upload.then(
			(url) => this.jobStore.writeUpload(identity, url),
			() => this.started.delete(identity),
		);
		return upload;
	}

	private async uploadWithRetry(media: FileMedia): Promise<string> {
		for (let attempt = 1; ; attempt++) {
			const result = await toResult(this.uploadOnce(media));
			if ('value' in result) return result.value;
			const { error } = result;
			if (!(error instanceof ApiError) || !error.transient || attempt >= TRIES) throw error;
			const asked = error.details.retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (attempt - 1);
			await this.clock.sleep(Math.min(asked, LONGEST_PAUSE_MS));
		}
	}

	private async uploadOnce(media: FileMedia): Promise<string> {
		const ticket = this.singleRequest ? undefined : await this.ticket(media);
		if (ticket) return await this.uploadByTicket(ticket, media);
		const form = multipartForm(media.file, media.type);
		return this.requireAllowedUrl(await this.client.uploadOneStep(form, TRANSFER_SILENCE_MS));
	}

	/** A ticket, or undefined when this server has none and takes one-step uploads only. */
	private async ticket(media: FileMedia): Promise<UploadTicket | undefined> {
		const { name, size } = media.file;
		const result = await toResult(this.client.uploadTicket({ name, size, type: media.type }));
		if ('value' in result) return result.value;
		const status = result.error instanceof ApiError ? result.error.details.status : undefined;
		if (status !== 404 && status !== 405) throw result.error;
		this.singleRequest = true;
		return undefined;
	}

	private async uploadByTicket(ticket: UploadTicket, media: FileMedia): Promise<string> {
		// Both before the first byte is sent.
		const [url, downloadUrl] = [
			this.requireAllowedUrl(ticket.putUrl),
			this.requireAllowedUrl(ticket.downloadUrl),
		];
		const body: ByteBody = { size: media.file.size, open: async () => await media.file.open() };
		const result = await toResult(
			this.http.send({
				method: 'PUT',
				url,
				headers: ticket.headers,
				body,
				// The storage belongs to someone else: it must never see the key.
				authenticated: false,
				idleTimeoutMs: TRANSFER_SILENCE_MS,
			}),
		);
		if ('error' in result) {
			throw result.error instanceof NoResponseError ? toApiError(result.error) : result.error;
		}
		const failure = errorFromTransfer(result.value, parseUrl(ticket.putUrl)?.host ?? 'The storage');
		// Whatever the storage says, this ticket is spent or stale: worth another try with a new one.
		if (failure) throw new ApiError('server', failure.message, failure.details);
		return downloadUrl;
	}

	private requireAllowedUrl(address: string): string {
		if (isAllowedTransferUrl(address, this.client.baseUrl)) return address;
		throw jobError(
			'WaveSpeed named an address for the file that is not https, so it is not used',
			'Try again later; if it stays, tell WaveSpeed support.',
			{ step: 'upload' },
		);
	}
}

/** Waits for all, so that none goes on unwatched, then gives the first failure if there is one. */
async function allSettled<T>(work: Array<Promise<T>>): Promise<T[]> {
	const results = await Promise.all(work.map(toResult));
	return results.map((result) => {
		if ('error' in result) throw result.error;
		return result.value;
	});
}

async function digestOf(file: LocalFile): Promise<string> {
	const hash = createHash('sha256');
	const content = await file.open();
	if (Buffer.isBuffer(content)) hash.update(content);
	else for await (const chunk of content) hash.update(chunk as Buffer);
	return `sha256:${hash.digest('hex')}`;
}
