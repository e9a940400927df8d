/** The parts that one run of the node works with, put together from n8n's context. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { WaveSpeedClient } from '../api/client';
import type { Http } from '../api/http';
import type { Clock } from '../shared/clock';
import { Budget } from '../cost/budget';
import { Contents } from '../inputs/contents';
import { JobHistory } from '../paidOnce/history';
import { JobStore } from '../paidOnce/jobStore';
import { Prices } from '../cost/prices';
import { Proof } from '../paidOnce/proof';
import { ReusableJobs } from '../paidOnce/reuse';
import { RoundHistory } from '../paidOnce/roundHistory';
import type { StoredState } from '../paidOnce/storedState';
import { openState } from '../paidOnce/storedState';
import { Submissions } from '../paidOnce/submitJob';
import { MediaFetcher } from '../transfer/mediaFetcher';
import { Uploads } from '../transfer/uploadFiles';
import { createClock } from './clock';
import { storeFile } from './files';
import { createHttp, readAccount } from './http';
import { Report } from './report';

export interface Run {
	context: IExecuteFunctions;
	client: WaveSpeedClient;
	http: Http;
	clock: Clock;
	/** What n8n stores for this node; changed in place. */
	state: StoredState;
	jobStore: JobStore;
	fetcher: MediaFetcher;
	contents: Contents;
	uploads: Uploads;
	proof: Proof;
	reusable: ReusableJobs;
	submissions: Submissions;
	prices: Prices;
	budget: Budget;
	report: Report;
	/** IDs of jobs that are paid for, by item; without those that the item's own error names. */
	paidJobs: Map<number, string>;
	/** Which run of the node within the execution: nodes in loops run many times. */
	runIndex: number;
	/** When n8n began this run of the node, milliseconds since 1970. */
	startedAt: number;
	/** What the history shows of the jobs of a stored wait. */
	roundHistory: RoundHistory;
	executionId: string;
	/** Digest of base URL and key. */
	accountId: string;
	/** Ends all sleeps and requests of this run, except submissions on their way. */
	abort(): void;
	/** True when the user stopped the execution. */
	isCancelled(): boolean;
}

/** Which run of the node within the execution, from 0: nodes in loops run many times. */
export function readRunIndex(context: IExecuteFunctions): number {
	return Number(context.evaluateExpression('{{ $runIndex }}', 0) ?? 0);
}

/** @throws JobError when the credential is missing or wrong */
export async function createRun(context: IExecuteFunctions): Promise<Run> {
	const { baseUrl, accountId } = await readAccount(context);
	const aborter = new AbortController();
	const cancelled = context.getExecutionCancelSignal();
	const signal = cancelled ? AbortSignal.any([cancelled, aborter.signal]) : aborter.signal;
	const http = createHttp(context, signal);
	const clock = createClock(signal);
	const client = new WaveSpeedClient(http, baseUrl, clock.now);
	const state = openState(context.getContext('node'));
	const jobStore = new JobStore(state, clock.now, accountId);
	const report = new Report(context);
	const history = new JobHistory(client, clock);
	const prices = new Prices(client, clock);
	const runIndex = readRunIndex(context);
	return {
		context,
		client,
		http,
		clock,
		state,
		jobStore,
		fetcher: new MediaFetcher(http, baseUrl, clock, context.continueOnFail(), async (...file) => {
			return await storeFile(context, ...file);
		}),
		contents: new Contents(),
		uploads: new Uploads(client, http, jobStore, clock),
		proof: new Proof(http, baseUrl),
		reusable: new ReusableJobs(client, http, history, jobStore, clock),
		submissions: new Submissions(client, jobStore, clock, (cause, since) => {
			report.jobUnconfirmed(cause, since);
		}),
		prices,
		budget: new Budget(client, prices, jobStore, runIndex),
		report,
		paidJobs: new Map(),
		accountId,
		executionId: context.getExecutionId(),
		runIndex,
		startedAt: clock.now(),
		roundHistory: new RoundHistory(client, clock),
		abort: () => aborter.abort(),
		isCancelled: () => cancelled?.aborted === true,
	};
}
