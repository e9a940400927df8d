/** The step that fetches the finished video. */
import { parseUrl, transferRefusal } from '../api/urls';
import { ApiError } from '../api/errors';
import { openFollowing } from '../api/openFollowing';
import type { ByteStream, Http, HttpStream } from '../api/http';
import { CancelledError, NoResponseError } from '../api/http';
import { FIRST_TRANSFER_PAUSE_MS, TRANSFER_LIMITS, TRIES } from '../api/limits';
import type { Clock } from '../shared/clock';
import { appendJobId } from '../errors/errorMessages';
import { JobError, jobError } from '../errors/jobError';
import { toCleanError } from '../shared/redact';
import { toResult } from '../shared/result';
import { retry } from '../shared/retry';
import { requireWholeVideo } from './wholeVideo';

export interface VideoFile {
	stream: ByteStream;
	/** Media type. */
	type: string;
	/** As the service names it, such as `mp4`. */
	extension: string;
}

export interface FinishedJob {
	id: string;
	url: string;
}

/**
 * Fetches the video and hands it to `store`, which must read it to its end. Repeats both when the
 * transfer breaks.
 *
 * @throws JobError with the ID and the address: the paid result is not lost
 */
export async function downloadVideo<T>(
	http: Http,
	job: FinishedJob,
	baseUrl: string,
	clock: Clock,
	store: (file: VideoFile) => Promise<T>,
): Promise<T> {
	const fetching = retry(async () => await fetchOnce(http, job, baseUrl, store), {
		tries: TRIES,
		isRetryable: (error) =>
			!isFinal(error) && !(error instanceof ApiError && error.kind === 'notFound'),
		delayMs: (failures) => FIRST_TRANSFER_PAUSE_MS * 2 ** (failures - 1),
		clock,
	});
	const result = await toResult(fetching);
	if ('value' in result) return result.value;
	throw isFinal(result.error) ? result.error : downloadError(result.error, job);
}

/** True for what says all there is to say, and for Stop. */
function isFinal(error: unknown): boolean {
	return error instanceof CancelledError || error instanceof JobError;
}

async function fetchOnce<T>(
	http: Http,
	job: FinishedJob,
	baseUrl: string,
	store: (file: VideoFile) => Promise<T>,
): Promise<T> {
	const opened = await openFollowing(http, job.url, {
		...TRANSFER_LIMITS,
		refusalOf: (url) => transferRefusal(url, baseUrl),
	});
	if ('refusal' in opened) {
		throw jobErrorWithVideo(`The video was not downloaded because its URL ${opened.refusal}`, job);
	}
	const { response, url } = opened;
	try {
		// No content, or a part that was not asked for.
		if (response.status !== 200) {
			const what = `the server returned HTTP ${response.status}`;
			throw new ApiError('server', what, { notProcessed: false });
		}
		const stream = requireWholeVideo(response.stream);
		return await store({ stream, ...videoTypeOf(response, url) });
	} finally {
		response.stream.destroy();
	}
}

const EXTENSION_OF_TYPE: Record<string, string> = {
	'video/mp4': 'mp4',
	'video/webm': 'webm',
	'video/quicktime': 'mov',
	'video/x-matroska': 'mkv',
};

/** From the header, else from the address, else MP4, which is what the model makes. */
function videoTypeOf(response: HttpStream, url: string): { type: string; extension: string } {
	const declared = (response.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
	const named = /\.([a-z0-9]{2,4})$/i.exec(parseUrl(url)?.pathname ?? '')?.[1]?.toLowerCase();
	const byName = Object.entries(EXTENSION_OF_TYPE).find(
		([, extension]) => extension === named,
	)?.[0];
	const type = declared.startsWith('video/') ? declared : (byName ?? 'video/mp4');
	return { type, extension: EXTENSION_OF_TYPE[type] ?? named ?? 'mp4' };
}

function downloadError(error: unknown, job: FinishedJob): JobError {
	// Not one of ours: n8n could not store the file, or the transfer broke in the middle.
	const isOurs = error instanceof ApiError || error instanceof NoResponseError;
	const cause = isOurs ? error : toCleanError(error);
	const message = `The video is finished but could not be downloaded: ${cause.message}`;
	return jobErrorWithVideo(message, job, { cause });
}

function jobErrorWithVideo(
	message: string,
	{ id, url }: FinishedJob,
	options?: ErrorOptions,
): JobError {
	return jobError(
		appendJobId(message, id),
		`You paid for the video, and it stays at ${url} for 7 days after the job started. Use Get Result with this job's ID, or fetch the URL with an HTTP Request node. To pay for a new video instead, add the option Seed and leave it at -1.`,
		{ step: 'download', id, status: 'completed', video_url: url },
		options,
	);
}
