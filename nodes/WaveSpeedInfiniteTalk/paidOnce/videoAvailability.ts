/** Is a completed job's video still there? */
import { isAllowedTransferUrl } from '../api/urls';
import type { Http } from '../api/http';
import { toResult } from '../shared/result';

const IDLE_TIMEOUT_MS = 10_000;

/**
 * Responses that mean that the file is gone for good. Not 403, which a proxy may answer as well: the job
 * would be paid for again in every run.
 */
export const GONE_STATUSES: ReadonlySet<number> = new Set([404, 410]);

/**
 * True when the video certainly cannot be downloaded any more. Reads no more than the response's head.
 *
 * @param baseUrl of the API, which decides on whether addresses of this machine are allowed
 */
export async function isVideoGone(http: Http, url: string, baseUrl: string): Promise<boolean> {
	// The download refuses the address as well, and says why; a new job would not change that.
	if (!isAllowedTransferUrl(url, baseUrl)) return false;
	const request = {
		method: 'GET' as const,
		url,
		headers: { 'Accept-Encoding': 'identity', Range: 'bytes=0-0' },
		authenticated: false,
		idleTimeoutMs: IDLE_TIMEOUT_MS,
	};
	const result = await toResult(http.open(request));
	// No response says nothing about the file: the download tries again later.
	if ('error' in result) return false;
	result.value.stream.destroy();
	return GONE_STATUSES.has(result.value.status);
}
