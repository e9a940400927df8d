/** What a workflow gets to see of a job. */
import type { Prediction } from '../api/prediction';
import { RETENTION_MS } from '../api/prediction';
import { promptOf } from './listJobs';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
	[key: string]: JsonValue;
}

/** The whole job, its most useful fields, or of these the ID and those that are named. */
export type OutputForm = 'raw' | 'simplified' | readonly string[];

/** What the node knows about a job beside what the API says. */
export interface JobFacts {
	/** When the job was created that is used again instead of paying for a new one, ISO 8601. */
	reusedFrom?: string;
	/** Length of the video to expect, in seconds. */
	durationS?: number;
	/** Price in USD, as the service gave it before the submission. */
	estimatedCost?: number;
}

/** A job in the form that was asked for. */
export function jobOutput(
	prediction: Prediction,
	form: OutputForm,
	facts: JobFacts = {},
): JsonObject {
	if (form === 'raw') return rawOutput(prediction, facts);
	return select(simplifiedOutput(prediction, facts), form);
}

/** The fields that people use, under the API's own words where it has them. */
export function simplifiedOutput(prediction: Prediction, facts: JobFacts = {}): JsonObject {
	return {
		...outcome(prediction),
		reused: facts.reusedFrom !== undefined,
		...(facts.durationS !== undefined && { duration_s: facts.durationS }),
		...costFacts(facts),
		...optionalFields(prediction),
	};
}

function costFacts({ estimatedCost }: JobFacts): JsonObject {
	return estimatedCost === undefined ? {} : { estimated_cost: estimatedCost };
}

/** A job in a list: its fields are those that tell it from the others. */
export function listedOutput(prediction: Prediction, form: OutputForm): JsonObject {
	if (form === 'raw') return rawOutput(prediction);
	const { id, status, ...rest } = outcome(prediction);
	const simplified = {
		id,
		status,
		created_at: createdAt(prediction),
		...rest,
		model: prediction.model ?? null,
		prompt: promptOf(prediction) || null,
		...optionalFields(prediction),
	};
	return select(simplified, form);
}

function select(output: JsonObject, form: OutputForm): JsonObject {
	if (typeof form === 'string') return output;
	const isSelected = (name: string) => name === 'id' || form.includes(name);
	return Object.fromEntries(Object.entries(output).filter(([name]) => isSelected(name)));
}

function outcome(prediction: Prediction) {
	return {
		id: prediction.id,
		status: prediction.status,
		video_url: (prediction.state === 'completed' && prediction.outputs[0]) || null,
	};
}

function optionalFields(prediction: Prediction): JsonObject {
	const { hasNsfwContents, inferenceMs } = prediction;
	return {
		expires_at: expiry(prediction),
		created_at: createdAt(prediction),
		has_nsfw_contents: hasNsfwContents && hasNsfwContents.includes(true),
		inference_ms: inferenceMs ?? null,
	};
}

/**
 * The prediction as the API gave it, less an empty `error`: n8n takes an item with a key `error`,
 * even an empty one, for a failed one, and runs the node again. The price is added where it was asked for.
 */
export function rawOutput(prediction: Prediction, facts: JobFacts = {}): JsonObject {
	const { error, ...rest } = prediction.raw;
	const given = { ...(rest as JsonObject), ...costFacts(facts) };
	return prediction.error === '' ? given : { ...given, job_error: error as string };
}

/** A job of which nothing but the ID may be known: in the raw form, it is simplified as well. */
export function unfinishedOutput(
	prediction: Prediction | undefined,
	id: string,
	facts: JobFacts = {},
	form: OutputForm = 'simplified',
): JsonObject {
	const known = prediction ?? {
		id,
		status: 'unknown',
		state: 'unfinished' as const,
		outputs: [],
		hasNsfwContents: null,
		error: '',
		code: 0,
		raw: {},
	};
	return select(simplifiedOutput(known, facts), form);
}

/** To the millisecond: the service gives nanoseconds, which are more than Date and people read. */
function createdAt({ createdAt: time }: Prediction): string | null {
	return time?.replace(/(\.\d{3})\d+/, '$1') ?? null;
}

/** Seven days after the job was made, when the service deletes the video. */
function expiry(prediction: Prediction): string | null {
	const made = Date.parse(createdAt(prediction) ?? '');
	const end = new Date(made + RETENTION_MS);
	return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** The name with `_` for characters that no file system likes. */
export function safeFileName(name: string): string {
	return name.trim().replace(/[\p{Cc}<>:"/\\|?*]/gu, '_');
}

/** A file name for the video: the user's, or one made of the job's ID, with the right extension. */
export function videoFileName(requested: string, id: string, extension: string): string {
	const name = safeFileName(requested) || `infinitetalk-${id}`;
	return name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}
