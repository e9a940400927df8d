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
	'Top up your account at wavespeed.ai/top-up, then run the workflow again. Nothing was charged for this job.';

const PROXY_ADVICE =
	'a proxy or firewall between n8n and WaveSpeed answers in its place: have it let api.wavespeed.ai through, or correct HTTPS_PROXY and NO_PROXY in the environment of n8n.';

const ADVICE: Record<ApiErrorKind, string> = {
	invalid: 'Correct the field that the message names, then run again.',
	key: 'Check the API Key in the WaveSpeed API credential. A key works only after the account has been topped up once.',
	credit: CREDIT_ADVICE,
	forbidden:
		'The account is suspended, or the role of this API key lacks the right. Look at wavespeed.ai, or use a key of another role.',
	notFound: 'Check the Base URL in the WaveSpeed API credential.',
	tooLarge: 'Make the file smaller (MP3 instead of WAV, JPG instead of PNG).',
	rateLimit:
		'The account allows few requests a minute. Try again in a minute, or raise the account level.',
	quota:
		"The account's space for uploads is used up. WaveSpeed deletes uploads after 7 days; ask its support for more.",
	redirect:
		'The Base URL in the WaveSpeed API credential leads elsewhere: enter the final address. Or a firewall asks for a login.',
	refused: 'Read the message, adjust the inputs and run again.',
	server: 'WaveSpeed has a problem at the moment. Try again later.',
	unreadable: `Check the Base URL in the WaveSpeed API credential, or try again later. If it stays, ${PROXY_ADVICE}`,
	proxy: `Most likely ${PROXY_ADVICE}`,
	certificate:
		'Where a proxy or firewall looks into the connections of n8n, save the certificate of its authority on the machine of n8n, name that file in NODE_EXTRA_CA_CERTS and restart n8n. Otherwise check the Base URL in the WaveSpeed API credential and the clock of that machine.',
	notSent: 'Nothing was sent. Check the WaveSpeed API credential and the network rules of n8n.',
	noAnswer:
		'Check the connection of n8n to the internet (HTTPS_PROXY, if it needs a proxy) and the Base URL in the WaveSpeed API credential, or try again later.',
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
	const sentence =
		prediction.error || STATUS_WORDS[prediction.status.toLowerCase()] || 'The job failed';
	const refund = isRefunded(prediction)
		? 'Failed jobs are refunded by WaveSpeed.'
		: 'WaveSpeed promises no refund for it: the job may have been charged in whole or in part.';
	return jobError(appendJobId(sentence, prediction.id), `${taskAdvice(prediction)} ${refund}`, {
		step: 'result',
		id: prediction.id,
		status: prediction.status,
		...(prediction.code !== 0 && { code: prediction.code }),
	});
}

const STATUS_WORDS: Record<string, string> = {
	cancelled: 'The job was cancelled at WaveSpeed',
	canceled: 'The job was cancelled at WaveSpeed',
	expired: 'The job expired at WaveSpeed before it was finished',
	timeout: 'WaveSpeed timed the job out',
	deleted: 'The job was deleted at WaveSpeed',
};

/** Task error codes (wavespeed.ai/docs/error-codes). */
function taskAdvice({ code, error, status }: Prediction): string {
	if (isCreditSentence(error)) return CREDIT_ADVICE;
	if (code === 1200)
		return 'The content check refused the inputs. Change the picture, the voices or the prompt; the same inputs will be refused again.';
	if (code === 1400 || code === 1401)
		return 'An input is missing or not valid. Correct it and run again.';
	if (code === 1402)
		return 'WaveSpeed could not read one of the files that were uploaded. Run again (as a new job).';
	if (code === 1403 || code === 1405)
		return 'Read the message and adjust the inputs: a frontal picture of two people, voices of more than 4 seconds.';
	if (code >= 5000) return 'WaveSpeed has a problem at the moment. Run again later (as a new job).';
	if (!error && status.toLowerCase() in STATUS_WORDS)
		return 'Run the workflow again for a new job.';
	return 'Read the message, adjust the inputs and run again.';
}

function headline(failure: ApiError): string {
	const isSilence = ['noAnswer', 'certificate'].includes(failure.kind);
	return isSilence ? `WaveSpeed did not answer: ${failure.message}` : failure.message;
}

function adviceFor(failure: ApiError, facts: JobErrorDetails): string {
	if (failure.details.status === 407) {
		return 'Write them into HTTPS_PROXY in the environment of n8n (http://user:password@proxy:port), or list api.wavespeed.ai in NO_PROXY if n8n reaches it without the proxy.';
	}
	if (facts.id && failure.kind === 'notFound') {
		return 'The ID may be mistyped, belong to another account (check the credential), or be older than 7 days: WaveSpeed deletes jobs then.';
	}
	if (failure.kind === 'forbidden' && failure.details.errorCode) {
		return `This API key lacks the right (${failure.details.errorCode}). Give it the right at wavespeed.ai/accesskey, or use a key of another role.`;
	}
	if (facts.id && failure.kind === 'key') {
		return `${ADVICE.key} The job continues at WaveSpeed; Get Result can collect it for 7 days.`;
	}
	return ADVICE[failure.kind];
}
