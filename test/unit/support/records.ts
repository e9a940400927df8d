/** What the node knows of jobs: what makes them the same, and what it writes down. */
import type { JobIdentity } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import type { JobQuery } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/matching';
import type {
	UnconfirmedJob,
	WaitingItem,
	WaitingRun,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { MODEL, createBody } from './api';
import { START } from './clock';

export function createIdentity(more: Partial<JobIdentity> = {}): JobIdentity {
	return { accountId: 'account', inputsDigest: 'inputs', seed: -1, ...more };
}

/** What a job of the history must show. */
export function createQuery(more: Partial<JobQuery> = {}): JobQuery {
	const shown = { model: MODEL, resolution: undefined, order: 'meanwhile', prompt: '', seed: -1 };
	return { ...shown, ...more };
}

/** Of a job that was sent, and whose response is not known. */
export function createUnconfirmed(more: Partial<UnconfirmedJob> = {}): UnconfirmedJob {
	const sent = { identity: createIdentity(), body: createBody(), since: START };
	return { state: 'submitting', ...sent, ...more };
}

/** A run that is stored until its first round begins. */
export function createWaitingRun(items: WaitingItem[], more: Partial<WaitingRun> = {}): WaitingRun {
	const notes = { notes: [], reusedFrom: [], recovered: 0, flagged: 0, videos: 0 };
	return { round: 1, begun: 0, storedAt: 0, executionId: '', notes, items, ...more };
}
