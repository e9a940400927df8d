/** What all steps of the pass share: the node's own parts, and what they have found so far. */
import { WaveSpeedClient } from '../../nodes/WaveSpeedInfiniteTalk/api/client';
import { ApiTransport } from '../../nodes/WaveSpeedInfiniteTalk/api/transport';
import { JobStore } from '../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { Prices } from '../../nodes/WaveSpeedInfiniteTalk/cost/prices';
import { openState } from '../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { Submissions } from '../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import { Uploads } from '../../nodes/WaveSpeedInfiniteTalk/transfer/uploadFiles';
import type { Clock } from '../../nodes/WaveSpeedInfiniteTalk/shared/clock';
import type { Findings } from './findings';
import { LiveHttp, type Account } from './http';

export interface Session {
	account: Account;
	http: LiveHttp;
	client: WaveSpeedClient;
	/** For calls that the node does not make. */
	transport: ApiTransport;
	uploads: Uploads;
	prices: Prices;
	submissions: Submissions;
	clock: Clock;
	findings: Findings;
	/** IDs of the jobs that this pass has made. */
	ownJobs: string[];
}

/** The node's parts, put together as in one run of the node. */
export function openSession(account: Account, clock: Clock, findings: Findings): Session {
	const { baseUrl } = account;
	const http = new LiveHttp(account);
	const client = new WaveSpeedClient(http, baseUrl, clock.now);
	const store = new JobStore(openState({}), clock.now, 'live');
	return {
		account,
		http,
		client,
		transport: new ApiTransport(http, baseUrl, clock.now),
		uploads: new Uploads(client, http, store, clock),
		prices: new Prices(client, clock),
		submissions: new Submissions(client, store, clock),
		clock,
		findings,
		ownJobs: [],
	};
}
