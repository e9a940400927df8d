/** What a failed call means to the user: the service's sentence, the cause, the next step. */
import type { ApiErrorKind } from '../api/errors';
import { ApiError, isCreditSentence } from '../api/errors';
import type { Prediction } from '../api/prediction';
import { isRefunded } from '../api/prediction';
import type { JobError, JobErrorDetails } from './jobError';
import { jobError } from './jobError';
import { toResult } from '../shared/result';
import { INPUT_LABELS } from './inputNames';

const CREDIT_ADVICE =
	'Top up your account at wavespeed.ai/top-up, then run the workflow again. You were not charged for this job.';

const PROXY_ADVICE =
	'a proxy or firewall between n8n and WaveSpeed sent this response: allow api.wavespeed.ai there, or fix the environment variables HTTPS_PROXY and NO_PROXY of n8n.';

const ADVICE: Record<ApiErrorKind, string> = {
	invalid: 'Fix the field that the message names, then run the workflow again.',
	key: 'Check the API Key in the WaveSpeed API credential. A key works only after the first top-up.',
	credit: CREDIT_ADVICE,
	forbidden:
		'The account may be suspended, or this API key may lack permission. Check your account at wavespeed.ai, or use a key with another role.',
	notFound: 'Check the Base URL in the WaveSpeed API credential.',
	tooLarge: 'Make the file smaller (MP3 instead of WAV, JPG instead of PNG).',
	rateLimit:
		'The account has reached its limit of requests per minute. Try again in a minute, or upgrade the account.',
	quota:
		"The account's upload storage is full. WaveSpeed deletes uploads after 7 days. For more space, contact WaveSpeed support.",
	redirect:
		'The Base URL in the WaveSpeed API credential redirects to another address: enter the final one. If it is correct, a firewall may be asking for a login.',
	refused: 'Adjust the inputs as the message says, then run the workflow again.',
	server: 'WaveSpeed is having problems. Try again later.',
	unreadable: `Check the Base URL in the WaveSpeed API credential, or try again later. If the problem persists, ${PROXY_ADVICE}`,
	proxy: `Most likely, ${PROXY_ADVICE}`,
	certificate:
		'If a proxy or firewall inspects HTTPS traffic, save its CA certificate on the n8n server, set the environment variable NODE_EXTRA_CA_CERTS to the path of that file, and restart n8n. Otherwise, check the Base URL in the WaveSpeed API credential and the clock of the server.',
	notSent: 'Nothing was sent. Check the WaveSpeed API credential and the network settings of n8n.',
	noAnswer:
		'Check the internet connection of n8n (HTTPS_PROXY if it needs a proxy) and the Base URL in the WaveSpeed API credential, or try again later.',
};

/**
 * The result of calls of the API.
 *
 * @param facts as {@link toJobError} takes them
 * @throws JobError for a call that failed; whatever else `work` throws
 */
export async function orJobError<T>(work: Promise<T>, facts: JobErrorDetails): Promise<T> {
	const result = await toResult(work);
	if ('value' in result) return result.value;
	const { error } = result;
	throw error instanceof ApiError ? toJobError(error, facts) : error;
}

/**
 * @param facts where it happened; with an ID the message names the job
 */
export function toJobError(failure: ApiError, facts: JobErrorDetails): JobError {
	const { status, errorCode } = failure.details;
	// An account's trouble is not that of the file with which it came to light.
	const ofAccount = ['key', 'credit', 'forbidden', 'proxy', 'certificate'].includes(failure.kind);
	const named = facts.input && !ofAccount ? `${INPUT_LABELS[facts.input]}: ` : '';
	return jobError(
		appendJobId(`${named}${headline(failure)}`, facts.id),
		adviceFor(failure, facts),
		{
			...facts,
			...(status !== undefined && { http_status: status }),
			...(errorCode !== undefined && { error_code: errorCode }),
		},
		{ cause: failure },
	);
}

/** The message with the job's ID, which every message after submission carries. */
export function appendJobId(message: string, id: string | undefined): string {
	return id ? `${message} (job ${id})` : message;
}

/** The error of a job that WaveSpeed ended without a result. */
export function failedJobError(prediction: Prediction): JobError {
	const said =
		prediction.error || STATUS_WORDS[prediction.status.toLowerCase()] || 'The job failed';
	// By the word "canceled", n8n takes the execution for one that somebody stopped, not for a failed one.
	const sentence = said.replaceAll('canceled', 'cancelled');
	const refund = isRefunded(prediction)
		? 'WaveSpeed refunds failed jobs.'
		: 'WaveSpeed does not promise a refund: you may have been charged for all or part of the job.';
	return jobError(appendJobId(sentence, prediction.id), `${taskAdvice(prediction)} ${refund}`, {
		step: 'result',
		id: prediction.id,
		status: prediction.status,
		...(prediction.code !== 0 && { code: prediction.code }),
	});
}

const STATUS_WORDS: Record<string, string> = {
	cancelled: 'The job was stopped at WaveSpeed',
	canceled: 'The job was stopped at WaveSpeed',
	expired: 'The job expired at WaveSpeed before it finished',
	timeout: 'WaveSpeed timed the job out',
	deleted: 'The job was deleted at WaveSpeed',
};

/** Task error codes (wavespeed.ai/docs/error-codes). */
function taskAdvice({ code, error, status }: Prediction): string {
	if (isCreditSentence(error)) return CREDIT_ADVICE;
	if (code === 1200)
		return 'The content check rejected the inputs. Change the picture, the voices, or the prompt: the same inputs will be rejected again.';
	if (code === 1400 || code === 1401)
		return 'An input is missing or invalid. Fix it, then run the workflow again.';
	if (code === 1402)
		return 'WaveSpeed could not read one of the uploaded files. Run the workflow again for a new job.';
	if (code === 1403 || code === 1405)
		return 'Adjust the inputs as the message says. Use a picture that shows the speakers from the front, and voices longer than 4 seconds.';
	if (code >= 5000)
		return 'WaveSpeed is having problems. Run the workflow again later for a new job.';
	if (!error && status.toLowerCase() in STATUS_WORDS)
		return 'Run the workflow again for a new job.';
	return 'Adjust the inputs as the message says, then run the workflow again.';
}

function headline(failure: ApiError): string {
	const isSilence = ['noAnswer', 'certificate'].includes(failure.kind);
	return isSilence ? `WaveSpeed could not be reached: ${failure.message}` : failure.message;
}

function adviceFor(failure: ApiError, facts: JobErrorDetails): string {
	if (failure.details.status === 407) {
		return 'Add them to the environment variable HTTPS_PROXY of n8n (http://user:password@proxy:port). If n8n can reach api.wavespeed.ai without the proxy, add that host to NO_PROXY instead.';
	}
	if (facts.id && failure.kind === 'notFound') {
		return 'Check the ID and the credential: the job may belong to another account. WaveSpeed deletes jobs after 7 days.';
	}
	if (failure.kind === 'forbidden' && failure.details.errorCode) {
		return `This API key lacks a permission (${failure.details.errorCode}). Add it at wavespeed.ai/accesskey, or use a key with another role.`;
	}
	if (facts.id && failure.kind === 'key') {
		return `${ADVICE.key} The job continues at WaveSpeed. Get Result can fetch it for 7 days.`;
	}
	return ADVICE[failure.kind];
}
