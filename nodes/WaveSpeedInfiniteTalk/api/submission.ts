/**
 * Finds the job in whatever a submission was answered with. A job whose ID is thrown away is paid for
 * and lost, so the form of the response matters less than the ID in it.
 */
import { parseJson } from './envelope';
import { ApiError, errorFromResponse } from './errors';
import type { HttpResponse } from './http';
import type { Prediction } from './prediction';
import { isPlainObject, parsePrediction } from './prediction';

/** A submission is answered with the job as it is created (wavespeed.ai/docs/shared/submit-response). */
const FIRST_STATUS = 'created';

/** Levels of objects and lists that are searched for an ID. */
const SEARCH_DEPTH = 4;
const MAX_ID_LENGTH = 256;
/** Keys that name a job; not those of a request, which exist without any job. */
const ID_KEY = /^(id|uuid|(task|prediction|job)_?(id|uuid))$/i;
const ID_IN_PATH = /\/predictions\/([^/?#\s]+)/;

/**
 * The job that a response to a submission names, or undefined. Only a 4xx status says that there is
 * none; the envelope, its code and the status of the job may be missing or odd.
 */
export function parseSubmission(response: HttpResponse): Prediction | undefined {
	if (response.status >= 400 && response.status < 500) return undefined;
	const body = parseJson(response.text);
	const data = isPlainObject(body) ? onlyEntry(body.data) : undefined;
	const inEnvelope = parsePrediction(data, FIRST_STATUS);
	if (inEnvelope) return inEnvelope;
	const okStatus = response.status >= 200 && response.status < 300;
	// Pages of gateways carry IDs as well, those of their requests.
	return parsePrediction(onlyEntry(body), okStatus ? FIRST_STATUS : undefined);
}

/**
 * The prediction in a response that is about one job, without regard to the envelope's code.
 * A bare prediction counts as well.
 */
export function parseResult(response: HttpResponse): Prediction | undefined {
	if (response.status < 200 || response.status >= 300) return undefined;
	const body = parseJson(response.text);
	const data = isPlainObject(body) ? onlyEntry(body.data) : undefined;
	return parsePrediction(data) ?? parsePrediction(onlyEntry(body));
}

/**
 * The error of a submission whose response names no usable ID.
 *
 * @param now milliseconds since 1970, for a `Retry-After` date
 */
export function submissionError(response: HttpResponse, now: number): ApiError {
	const error =
		errorFromResponse(response, now) ??
		new ApiError('unreadable', 'WaveSpeed returned no readable job', {
			status: response.status,
			notProcessed: false,
		});
	const possibleId = findPossibleId(parseJson(response.text));
	if (possibleId === undefined) return error;
	const isRefusal = response.status >= 400 && response.status < 500;
	const notProcessed = error.details.notProcessed && isRefusal;
	return new ApiError(error.kind, error.message, { ...error.details, possibleId, notProcessed });
}

/** The entry of a list of one, anything else as it is. */
function onlyEntry(value: unknown): unknown {
	return Array.isArray(value) && value.length === 1 ? value[0] : value;
}

/** What looks like the ID of a job anywhere in a body, breadth first. */
function findPossibleId(body: unknown): string | undefined {
	let level: unknown[] = [body, isPlainObject(body) ? { id: body.data } : undefined];
	for (let depth = 0; depth < SEARCH_DEPTH && level.length > 0; depth++) {
		const objects = level.filter(isPlainObject);
		for (const object of objects) {
			const found = idOf(object);
			if (found !== undefined) return found;
		}
		// The first entries are enough: a job is submitted alone.
		level = level.flatMap((value) =>
			Array.isArray(value) || isPlainObject(value) ? Object.values(value).slice(0, 50) : [],
		);
	}
	return undefined;
}

function idOf(object: Record<string, unknown>): string | undefined {
	for (const [key, value] of Object.entries(object)) {
		if (!ID_KEY.test(key)) continue;
		const id = typeof value === 'number' ? String(value) : shortLine(value);
		if (id !== undefined) return id;
	}
	const address = isPlainObject(object.urls) ? object.urls.get : undefined;
	return typeof address === 'string' ? shortLine(ID_IN_PATH.exec(address)?.[1]) : undefined;
}

function shortLine(value: unknown): string | undefined {
	if (typeof value !== 'string') return undefined;
	const line = value.replace(/\s+/g, ' ').trim();
	return line !== '' && line.length <= MAX_ID_LENGTH ? line : undefined;
}
