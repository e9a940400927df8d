/** What a workflow gets to see of a job. Pure. */
import type { Prediction } from '../api/prediction';
import { MODEL, RETENTION_MS, standingOf } from '../api/prediction';

export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject;
export interface JsonObject {
	[key: string]: JsonValue;
}

/** The fields that people use, under the API's own words where it has them. */
export function simplifiedOutput(prediction: Prediction): JsonObject {
	const done = standingOf(prediction) === 'completed';
	return {
		id: prediction.id,
		status: prediction.status,
		model: prediction.model ?? MODEL,
		video_url: (done && prediction.outputs[0]) || null,
		expires_at: expiry(prediction.createdAt),
		outputs: prediction.outputs,
		has_nsfw_contents: prediction.hasNsfwContents,
		created_at: prediction.createdAt ?? null,
		inference_ms: prediction.inferenceMs ?? null,
	};
}

/**
 * The prediction as the API gave it, less an empty `error`: n8n takes an item with a key `error`,
 * even an empty one, for a failed one, and runs the node again.
 */
export function rawOutput(prediction: Prediction): JsonObject {
	const { error, ...rest } = prediction.raw;
	const given = rest as JsonObject;
	return prediction.error === '' ? given : { ...given, job_error: error as string };
}

/** A job that was not waited for to its end. Get Result takes the item as it is. */
export function unfinishedOutput(prediction: Prediction | undefined, id: string): JsonObject {
	const known = prediction ?? {
		id,
		status: 'unknown',
		outputs: [],
		hasNsfwContents: null,
		error: '',
		code: 0,
		raw: {},
	};
	return { ...simplifiedOutput(known), timed_out: true };
}

/** Seven days after the job was made, when the service deletes the video. */
function expiry(createdAt: string | undefined): string | null {
	// Nanoseconds are more than Date reads.
	const made = Date.parse((createdAt ?? '').replace(/(\.\d{3})\d+/, '$1'));
	const end = new Date(made + RETENTION_MS);
	return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/**
 * A file name for the video: the user's, or one made of the job's ID, with the right extension.
 * Characters that no file system likes become `_`.
 */
export function videoFileName(requested: string, id: string, extension: string): string {
	const name = requested.trim().replace(/[\p{Cc}<>:"/\\|?*]/gu, '_') || `infinitetalk-${id}`;
	return name.toLowerCase().endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}
