/** The step that fetches the finished video. */
import { isTrustedTransfer, parseUrl } from '../api/address';
import { ApiFailure, failureOfSilence, failureOfTransfer } from '../api/failure';
import type { ByteStream, Http, HttpStream } from '../api/http';
import { NoAnswer, Stopped } from '../api/http';
import type { Clock } from './clock';
import { withId } from './explain';
import type { JobProblem } from './problem';
import { JobProblem as Problem, problem } from './problem';
import { settle } from './settle';

const TRIES = 4;
const FIRST_PAUSE_MS = 2_000;
/** Silence after which a download is given up and begun anew. */
const SILENCE_MS = 60_000;
const REDIRECTS = 5;

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
 * @throws JobProblem with the ID and the address: the paid result is not lost
 */
export async function downloadVideo<T>(
	http: Http,
	job: FinishedJob,
	baseUrl: string,
	clock: Clock,
	store: (file: VideoFile) => Promise<T>,
): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		const result = await settle(fetchOnce(http, job, baseUrl, store));
		if ('value' in result) return result.value;
		const { error } = result;
		if (error instanceof Stopped || error instanceof Problem) throw error;
		const gone = error instanceof ApiFailure && error.kind === 'notFound';
		if (gone || attempt >= TRIES) throw lost(error, job);
		await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
	}
}

async function fetchOnce<T>(
	http: Http,
	job: FinishedJob,
	baseUrl: string,
	store: (file: VideoFile) => Promise<T>,
): Promise<T> {
	const { answer, url } = await openFollowing(http, job, baseUrl);
	try {
		return await store({ stream: answer.stream, ...kindOf(answer, url, job) });
	} finally {
		answer.stream.destroy();
	}
}

/** Follows redirects itself, to look at each address first. */
async function openFollowing(
	http: Http,
	job: FinishedJob,
	baseUrl: string,
): Promise<{ answer: HttpStream; url: string }> {
	let url = job.url;
	for (let hop = 0; hop <= REDIRECTS; hop++) {
		if (!isTrustedTransfer(url, baseUrl)) {
			throw withVideo(
				'The video is at an address that is not https, so it was not downloaded',
				job,
			);
		}
		const result = await settle(
			// The host of the video is not the API: it must never see the key.
			http.open({
				method: 'GET',
				url,
				headers: { 'Accept-Encoding': 'identity' },
				authenticated: false,
				silenceMs: SILENCE_MS,
			}),
		);
		if ('error' in result) {
			throw result.error instanceof NoAnswer ? failureOfSilence(result.error) : result.error;
		}
		const answer = result.value;
		const { location } = answer.headers;
		if (answer.status < 300 || answer.status >= 400 || !location) {
			const failure = failureOfTransfer(
				{ ...answer, text: '' },
				parseUrl(url)?.host ?? 'The server',
			);
			const empty = answer.headers['content-length'] === '0';
			if (!failure && !empty) return { answer, url };
			answer.stream.destroy();
			throw failure ?? new ApiFailure('server', 'the file is empty', { nothingHappened: false });
		}
		answer.stream.destroy();
		url = parseUrl(location, url)?.href ?? location;
	}
	throw withVideo('The address of the video only leads to other addresses', job);
}

const EXTENSION_OF_TYPE: Record<string, string> = {
	'video/mp4': 'mp4',
	'video/webm': 'webm',
	'video/quicktime': 'mov',
	'video/x-matroska': 'mkv',
};

/** From the header, else from the address, else MP4, which is what the model makes. */
function kindOf(
	answer: HttpStream,
	url: string,
	job: FinishedJob,
): { type: string; extension: string } {
	const declared = (answer.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
	if (/^text\/|json|xml/.test(declared)) {
		throw withVideo(`The address of the video answered with ${declared} instead of a video`, job);
	}
	const named = /\.([a-z0-9]{2,4})$/i.exec(parseUrl(url)?.pathname ?? '')?.[1]?.toLowerCase();
	const byName = Object.entries(EXTENSION_OF_TYPE).find(
		([, extension]) => extension === named,
	)?.[0];
	const type = declared.startsWith('video/') ? declared : (byName ?? 'video/mp4');
	return { type, extension: EXTENSION_OF_TYPE[type] ?? named ?? 'mp4' };
}

function lost(error: unknown, job: FinishedJob): JobProblem {
	const cause = error instanceof Error ? error.message : String(error);
	return withVideo(`The video is finished, but it could not be downloaded: ${cause}`, job);
}

function withVideo(message: string, { id, url }: FinishedJob): JobProblem {
	return problem(
		withId(message, id),
		`The video is paid for and stays at ${url} for 7 days after the job began. Run Get Result with this job's ID, or fetch the address with an HTTP Request node.`,
		{ step: 'download', id, status: 'completed', video_url: url },
	);
}
