/** The API's prediction object and its statuses (wavespeed.ai/docs/get-result). */
import { toSentence } from './sentence';

/** Predictions, their outputs and uploaded files are deleted after 7 days. */
export const RETENTION_MS = 7 * 24 * 60 * 60 * 1000;
/** For so long after its submission a job may not be found yet; nobody has measured it. */
export const READ_AFTER_WRITE_MS = 10_000;

/** Forms seen: 32 hex digits, `pred_…`, `task-…`. Wide, since an ID that is refused is a job lost. */
const ID_FORM = /^[A-Za-z0-9_.:~-]{1,256}$/;

/** Whether a job goes on; an unknown status counts as unfinished, never as done. */
export type PredictionState = 'unfinished' | 'completed' | 'failed';

/** Final words of the current API, its clients and its older versions (wavespeed.ai/docs/get-result). */
const STATE_OF_STATUS: ReadonlyMap<string, PredictionState> = new Map([
	['completed', 'completed'],
	['succeeded', 'completed'],
	['success', 'completed'],
	['failed', 'failed'],
	['error', 'failed'],
	['expired', 'failed'],
	['cancelled', 'failed'],
	['canceled', 'failed'],
	['timeout', 'failed'],
	['deleted', 'failed'],
]);

/** Failures that WaveSpeed pays back; for the others it promises nothing (wavespeed.ai/docs/delete-task). */
const REFUNDED_STATUSES = new Set(['failed', 'error', 'timeout']);

export interface Prediction {
	id: string;
	/** The API's own word. */
	status: string;
	/** What the status means; set once, where the prediction is parsed. */
	state: PredictionState;
	model?: string;
	/** Addresses of the results; empty until completed. */
	outputs: string[];
	hasNsfwContents: boolean[] | null;
	createdAt?: string;
	/** The service's own sentence about a failed job; empty when there is none. */
	error: string;
	/** Task error code; 0 when there is none. */
	code: number;
	/** Milliseconds. */
	inferenceMs?: number;
	/** The inputs as the service took them; only in webhooks and in the history. */
	inputs?: Record<string, unknown>;
	/** The object as the API gave it. */
	raw: Record<string, unknown>;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True for numbers that can be counted with; JSON's `1e999` is read as infinite. */
export function isNumber(value: unknown): value is number {
	return typeof value === 'number' && Number.isFinite(value);
}

/** True when the text can be the ID of a job, and one segment of a URL's path. */
export function isPredictionId(text: string): boolean {
	return ID_FORM.test(text) && text !== '.' && text !== '..';
}

/**
 * Reads the prediction object. Only `id` and `status` are required: the docs' own examples leave
 * the other fields out.
 *
 * @param assumedStatus for an object without a readable status; without it such an object is none
 * @returns undefined when the value is not a prediction
 */
export function parsePrediction(value: unknown, assumedStatus?: string): Prediction | undefined {
	if (!isPlainObject(value)) return undefined;
	const { id } = value;
	if (typeof id !== 'string' || !isPredictionId(id)) return undefined;
	const hasStatus = typeof value.status === 'string' && value.status !== '';
	const status = hasStatus ? (value.status as string) : assumedStatus;
	if (status === undefined) return undefined;
	const inputs = [value.input, value.inputs].find(isPlainObject);
	return {
		id,
		status,
		state: stateOf(status),
		outputs: parseOutputs(value.outputs),
		hasNsfwContents: parseFlags(value.has_nsfw_contents),
		error: typeof value.error === 'string' ? toSentence(value.error) : '',
		code: isNumber(value.code) ? value.code : 0,
		raw: value,
		...(typeof value.model === 'string' && { model: value.model }),
		...(typeof value.created_at === 'string' && { createdAt: value.created_at }),
		...withInferenceMs(value),
		...(inputs && { inputs }),
	};
}

/** Output addresses in all shapes seen: strings, objects with `url`, one lone string, null. */
function parseOutputs(value: unknown): string[] {
	const list: unknown[] = Array.isArray(value) ? value : [value];
	return list
		.map((entry) => (isPlainObject(entry) ? entry.url : entry))
		.filter((entry): entry is string => typeof entry === 'string' && entry !== '');
}

function parseFlags(value: unknown): boolean[] | null {
	return Array.isArray(value) ? value.map((flag) => flag === true) : null;
}

function withInferenceMs(value: Record<string, unknown>): { inferenceMs?: number } {
	const timing = isPlainObject(value.timings) ? value.timings.inference : undefined;
	const inferenceMs = [timing, value.executionTime].filter(isNumber).find((ms) => ms > 0);
	return inferenceMs === undefined ? {} : { inferenceMs };
}

/** True when WaveSpeed ended the job without a result, and pays the whole price back. */
export function isRefunded(prediction: Pick<Prediction, 'status'>): boolean {
	return REFUNDED_STATUSES.has(prediction.status.trim().toLowerCase());
}

function stateOf(status: string): PredictionState {
	return STATE_OF_STATUS.get(status.trim().toLowerCase()) ?? 'unfinished';
}
