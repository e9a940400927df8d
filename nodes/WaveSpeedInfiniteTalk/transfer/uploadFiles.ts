/** The step that brings n8n's files to where the model can read them. */
import { parseUrl, transferRefusal } from '../api/urls';
import type { MediaUrls, UploadTicket, WaveSpeedClient } from '../api/client';
import { ApiError, errorFromTransfer, isMissingRoute, toApiError } from '../api/errors';
import type { ByteBody, Http } from '../api/http';
import { NoResponseError } from '../api/http';
import { TRANSFER_LIMITS } from '../api/limits';
import { toJobError } from '../errors/errorMessages';
import type { JobStore } from '../paidOnce/jobStore';
import { Semaphore } from '../shared/semaphore';
import { multipartForm } from './multipart';
import { JobError, jobError } from '../errors/jobError';
import type { InputName } from '../errors/inputNames';
import { INPUT_KEYS, INPUT_LABELS, inputEntries } from '../errors/inputNames';
import type { FileMedia, FittedRequest } from '../inputs/request';
import { toResult } from '../shared/result';
import type { PatientCalls } from '../polling/patientCalls';

/** Uploads in flight: enough to fill a line, few enough to keep memory flat. */
const UPLOADS_AT_ONCE = 3;

/** Uploads the files of one run, each distinct file once. */
export class Uploads {
	private readonly started = new Map<string, Promise<string>>();
	private readonly limit = new Semaphore(UPLOADS_AT_ONCE);
	/** Uploads without a ticket, for a server that has none. */
	private usesOneStep = false;

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly http: Http,
		private readonly jobStore: JobStore,
		private readonly calls: PatientCalls,
	) {}

	/**
	 * The addresses of one item's files.
	 *
	 * @throws JobError that names the input
	 */
	async mediaUrls({ media }: Pick<FittedRequest, 'media'>): Promise<MediaUrls> {
		const uploading = inputEntries(media).map(async ([input, file]) => {
			return [INPUT_KEYS[input], await this.mediaUrl(input, file)] as const;
		});
		const urls = Object.fromEntries(await allSettled(uploading));
		return urls as unknown as MediaUrls;
	}

	private async mediaUrl(input: InputName, media: FileMedia): Promise<string> {
		const { fileId } = media.file;
		const known = this.jobStore.upload(fileId);
		if (known) return known;
		const running = this.started.get(fileId) ?? this.start(fileId, media);
		const result = await toResult(running);
		if ('value' in result) return result.value;
		const { error } = result;
		if (error instanceof ApiError) throw toJobError(error, { step: 'upload', input });
		if (!(error instanceof JobError)) throw error;
		const { message, advice, details } = error;
		const named = `${INPUT_LABELS[input]}: ${message}`;
		throw jobError(named, advice, { ...details, input }, { cause: error });
	}

	private start(fileId: string, media: FileMedia): Promise<string> {
		// Each try gets a new ticket and a new stream.
		const upload = this.limit.run(
			async () => await this.calls.repeat(async () => await this.uploadOnce(media)),
		);
		this.started.set(fileId, upload);
		upload.then(
			(url) => this.jobStore.writeUpload(fileId, url),
			() => this.started.delete(fileId),
		);
		return upload;
	}

	private async uploadOnce(media: FileMedia): Promise<string> {
		if (this.usesOneStep) return await this.uploadInOneStep(media);
		const { name, size } = media.file;
		const ticket = await toResult(this.client.uploadTicket({ name, size, type: media.type }));
		if ('value' in ticket) return await this.uploadByTicket(ticket.value, media);
		if (!isMissingRoute(ticket.error)) throw ticket.error;
		const older = await toResult(this.uploadInOneStep(media));
		if ('error' in older && isMissingRoute(older.error)) throw ticket.error;
		this.usesOneStep = true;
		if ('error' in older) throw older.error;
		return older.value;
	}

	private async uploadInOneStep(media: FileMedia): Promise<string> {
		const form = multipartForm(media.file, media.type);
		const url = await this.client.uploadOneStep(form, TRANSFER_LIMITS);
		return this.requireAllowedUrl(url);
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
				...TRANSFER_LIMITS,
			}),
		);
		if ('error' in result) {
			throw result.error instanceof NoResponseError ? toApiError(result.error) : result.error;
		}
		const failure = errorFromTransfer(result.value, parseUrl(ticket.putUrl)?.host ?? 'The storage');
		// Whatever the storage says, this ticket is spent or stale: worth another try with a new one.
		if (failure && failure.kind !== 'proxy') {
			throw new ApiError('server', failure.message, failure.details);
		}
		if (failure) throw failure;
		return downloadUrl;
	}

	private requireAllowedUrl(address: string): string {
		const reason = transferRefusal(address, this.client.baseUrl);
		if (reason === undefined) return address;
		throw jobError(
			`WaveSpeed returned an upload URL that ${reason}, so it was not used`,
			'Try again later. If the problem persists, contact WaveSpeed support.',
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
