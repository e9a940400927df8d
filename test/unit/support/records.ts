/** What the node writes down about jobs. */
import type { JobIdentity } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import type { UnconfirmedJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { createBody } from './api';
import type { VirtualClock } from './clock';
import { START } from './clock';

export function createIdentity(more: Partial<JobIdentity> = {}): JobIdentity {
	return { accountId: 'account', inputsDigest: 'inputs', seed: -1, ...more };
}

/** Of a job that was sent, and whose response is not known. */
export function createUnconfirmed(more: Partial<UnconfirmedJob> = {}): UnconfirmedJob {
	const sent = { identity: createIdentity(), body: createBody(), since: START };
	return { state: 'submitting', ...sent, ...more };
}

export function createJobStore({ now }: VirtualClock, state = openState({})): JobStore {
	return new JobStore(state, now, 'account');
}
