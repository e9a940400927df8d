import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import type { WaveSpeedClient } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { storedPollDelayMs } from '../../../nodes/WaveSpeedInfiniteTalk/polling/pollDelay';
import { waitForPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/polling/waitForPrediction';
import { MEMORY_WAIT_MS } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/waitPlan';

/** How often a job is asked for and how late its end is noticed, for the worst of many runs. */
export interface Watching {
	readonly polls: number;
	/** Milliseconds between the end of the job and the poll that told so. */
	readonly late: number;
}

/**
 * - `memory`: the execution keeps running, by the option Waiting or because somebody waits for it;
 * - `stored`: stored after a while in memory, woken by time, as without a public address;
 * - `called`: stored at once, woken by time and by WaveSpeed's call;
 * - `callLost`: the same, but the call never comes.
 */
export type Waiting = 'memory' | 'stored' | 'called' | 'callLost';

/** n8n looks for stored executions this often, … */
const TRACKER_MS = 60_000;
/** … and sets a timer for those that are due within this time (WaitTracker of n8n 2.40). */
const TRACKER_AHEAD_MS = 70_000;

/** Jobs of one scenario differ by up to this much: none ends just when it is polled. */
const SPREAD_MS = 60_000;

/**
 * Our node's own waiting steps and delays, with time that passes at once.
 *
 * @param seconds the longest duration of the job; each run has another one, up to a minute shorter
 */
export async function watchJob(waiting: Waiting, seconds: number, runs: number): Promise<Watching> {
	let polls = 0;
	let late = 0;
	for (let run = 0; run < runs; run++) {
		const one = await watchOnce(waiting, seconds * 1000 - Math.random() * SPREAD_MS);
		polls = Math.max(polls, one.polls);
		late = Math.max(late, one.late);
	}
	return { polls, late };
}

async function watchOnce(waiting: Waiting, duration: number): Promise<Watching> {
	let now = 0;
	let polls = 0;
	const at = (status: string, state: Prediction['state']) =>
		({ id: 'job', status, state, outputs: [], raw: {} }) as unknown as Prediction;
	const unfinished = at('processing', 'unfinished');
	const client = {
		async result() {
			polls++;
			return now >= duration ? at('completed', 'completed') : unfinished;
		},
	} as unknown as WaveSpeedClient;
	const clock = {
		now: () => now,
		random: () => Math.random(),
		async sleep(ms: number) {
			now += ms;
		},
	};
	const poll = async (until: number, prediction?: Prediction) => {
		const job = { id: 'job', since: 0, ...(prediction && { prediction }) };
		const last = await waitForPrediction(client, job, until, new PatientCalls(clock));
		return last !== undefined && last.state !== 'unfinished';
	};
	const hasWebhook = waiting === 'called' || waiting === 'callLost';
	const trackerPhase = Math.random() * TRACKER_MS;
	const inMemory = waiting === 'memory' ? Number.POSITIVE_INFINITY : MEMORY_WAIT_MS;
	let hasEnded = hasWebhook ? false : await poll(inMemory, unfinished);
	while (!hasEnded) {
		const due = now + storedPollDelayMs(now, hasWebhook);
		const woken = wokenAt(now, due, trackerPhase);
		// The call is checked by one poll, and the woken node takes what that said.
		const isCalled = waiting === 'called' && duration <= woken;
		now = isCalled ? duration : woken;
		hasEnded = await poll(now);
	}
	return { polls, late: now - duration };
}

/** When n8n runs an execution again that was stored until a time. */
function wokenAt(storedAt: number, due: number, phase: number): number {
	let look = Math.ceil((storedAt - phase) / TRACKER_MS) * TRACKER_MS + phase;
	while (due > look + TRACKER_AHEAD_MS) look += TRACKER_MS;
	return Math.max(look, due);
}
