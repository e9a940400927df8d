/** The API's prediction object and its statuses (wavespeed.ai/docs/get-result). Pure. */

export const MODEL = 'wavespeed-ai/infinitetalk-fast/multi';

/** Predictions, their outputs and uploaded files are deleted after 7 days. */
export const RETENTION_MS = 7 * 24 * 60 * 60 * 1000;

/** Forms seen: 32 hex digits, `pred_…`, `task-…`. Keeps anything else out of a URL path. */
const ID_FORM = /^[A-Za-z0-9_-]{4,128}$/;

/** How a job stands: an unknown status is never read as done. */
export type PredictionState = 'unfinished' | 'completed' | 'failed';

const FAILED_STATUSES = new Set(['failed', 'cancelled', 'canceled', 'timeout', 'deleted']);

export interface Prediction {
	id: string;
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

/** True when the text can be the ID of a job. */
export function isPredictionId(text: string): boolean {
	return ID_FORM.test(text);
}

export function standingOf(prediction: Pick<Prediction, 'status'>): PredictionState {
	const status = prediction.status.toLowerCase();
	if (status === 'completed') return 'completed';
	return FAILED_STATUSES.has(status) ? 'failed' : 'unfinished';
}

/**
 * Reads the prediction object. Only `id` and `status` are required: the docs' own examples leave
 * the other fields out.
 *
 * @returns undefined when the value is not a prediction
 */
export function parsePrediction(value: unknown): Prediction | undefined {
	if (!isPlainObject(value)) return undefined;
	const { id, status } = value;
	if (typeof id !== 'string' || !isPredictionId(id)) return undefined;
	if (typeof status !== 'string' || status === '') return undefined;
	const inputs = [value.input, value.inputs].find(isPlainObject);
	return {
		id,
		status,
		state: standingOf({ status }),
		outputs: parseOutputs(value.outputs),
		hasNsfwContents: parseFlags(value.has_nsfw_contents),
		error: typeof value.error === 'string' ? value.error.trim() : '',
		code: typeof value.code === 'number' ? value.code : 0,
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
	const inferenceMs = [timing, value.executionTime].find((ms) => typeof ms === 'number' && ms > 0);
	return typeof inferenceMs === 'number' ? { inferenceMs } : {};
}

/**
 * True when WaveSpeed ended the job without a result, and pays back. Deleting one promises neither that
 * it stops nor that it is refunded (wavespeed.ai/docs/delete-task).
 */
export function isRefunded(prediction: Prediction): boolean {
	return standingOf(prediction) === 'failed' && prediction.status.toLowerCase() !== 'deleted';
}
