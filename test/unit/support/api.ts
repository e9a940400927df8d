/** Answers of the API as the contract gives them, and a client that reads them. */
import { type SubmitBody, WaveSpeedClient } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import { type HttpResponse, NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { parsePrediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { VirtualClock } from './clock';
import { fresh } from './fresh';
import { ScriptedHttp } from './http';

export const BASE = 'https://api.wavespeed.ai';
export const API = `${BASE}/api/v3`;
/** The default model. */
export const MODEL = 'wavespeed-ai/infinitetalk-fast/multi';
export const MODEL_URL = `${API}/${MODEL}`;
export const HISTORY_URL = `${API}/predictions`;
export const TICKET_URL = `${API}/media/uploads`;
export const ONE_STEP_URL = `${API}/media/upload/binary`;
export const JOB = 'e6832d4abffb4d79bfbca19783fca133';

export const GATEWAY_PAGE = '<html><head><title>502 Bad Gateway</title></head><body></body></html>';

export function resultUrl(id: string): string {
	return `${API}/predictions/${id}/result`;
}

/** Where older documentation reads a job. */
export function olderResultUrl(id: string): string {
	return `${API}/predictions/${id}`;
}

export function createResponse(status: number, body: unknown, headers = {}): HttpResponse {
	return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
}

/** HTTP 200 with the envelope around the data. */
export function createSuccess(data: unknown, headers = {}): HttpResponse {
	return createResponse(200, { code: 200, message: 'success', data }, headers);
}

/** A page of the account's jobs. */
export function createPage(items: object[], headers = {}): HttpResponse {
	return createSuccess({ page: 1, items }, headers);
}

/** An error as the API words it: the status again as the envelope's code. */
export function createRefusal(status: number, message: string, headers = {}): HttpResponse {
	return createResponse(status, { code: status, message }, headers);
}

export function createJob(more: Record<string, unknown> = {}): Record<string, unknown> {
	return {
		id: JOB,
		model: MODEL,
		outputs: [],
		urls: { get: resultUrl(JOB) },
		has_nsfw_contents: [],
		status: 'created',
		created_at: '2026-01-01T00:00:00.000000001Z',
		error: '',
		timings: { inference: 0 },
		...more,
	};
}

export function createCompleted(more: Record<string, unknown> = {}): Record<string, unknown> {
	return createJob({
		status: 'completed',
		outputs: ['https://cdn.wavespeed.ai/o/1.mp4'],
		has_nsfw_contents: [false],
		timings: { inference: 184000 },
		...more,
	});
}

export function createPrediction(more: Record<string, unknown> = {}): Prediction {
	const prediction = parsePrediction(createJob(more));
	if (!prediction) throw new Error('Not a prediction');
	return prediction;
}

export function createBody(more: Partial<SubmitBody> = {}): SubmitBody {
	return {
		image: 'https://files.example/pair.png',
		left_audio: 'https://files.example/left.wav',
		right_audio: 'https://files.example/right.wav',
		order: 'meanwhile',
		seed: -1,
		...more,
	};
}

export function createClient(
	http: ScriptedHttp,
	clock: VirtualClock,
	base: string = BASE,
): WaveSpeedClient {
	return new WaveSpeedClient(http, base, clock.now);
}

/**
 * HTTP and time of the test's own, what calls with them, what n8n keeps, and what is said under the
 * output: made anew for each test of a file.
 */
export function freshApi() {
	const http = fresh(() => new ScriptedHttp());
	const clock = fresh(() => new VirtualClock());
	const client = fresh(() => createClient(http, clock));
	const calls = fresh(() => new PatientCalls(clock));
	const state = fresh(() => openState({}));
	const jobStore = fresh(() => new JobStore(state, clock.now, 'account'));
	return { http, clock, client, calls, state, jobStore, notes: fresh((): string[] => []) };
}

/** A request that may have been taken although its answer is missing. */
export function createReset(): NoResponseError {
	return new NoResponseError('ECONNRESET', 'the connection was lost');
}

/** A request that certainly never left. */
export function createUnreachable(): NoResponseError {
	return new NoResponseError('ECONNREFUSED', 'the connection was refused');
}
