/** The parts that one run of the node works with, put together from n8n's context. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { WaveSpeedClient } from '../api/client';
import type { Http } from '../api/http';
import type { Clock } from '../shared/clock';
import { Budget, orderOf } from '../cost/budget';
import { Contents } from '../inputs/contents';
import { JobHistory } from '../paidOnce/history';
import { FileStore } from '../paidOnce/fileStore';
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
import { readAccount } from './account';
import { createHttp } from './http';
import { PatientCalls } from '../polling/patientCalls';
import { Report } from './report';
import { continuesOnFail, isTool } from './tool';

/** Stands for the API's address where no credential says it. */
export const PUBLIC_API = 'https://api.wavespeed.ai';

/** What operations need that send nothing. */
export interface LocalRun {
	context: IExecuteFunctions;
	/** What the files of the run are, each read once. */
	contents: Contents;
	report: Report;
	clock: Clock;
	fetcher: MediaFetcher;
	/** IDs of jobs that are paid for, by item; without those that the item's own error names. */
	paidJobs: Map<number, string>;
	/** Items whose output keeps the fields of their input. */
	keepsInput: Set<number>;
	/** Ends all sleeps and requests of this run, except submissions on their way. */
	abort(): void;
	/** True when the user stopped the execution. */
	isCancelled(): boolean;
	/** Aborts with both. */
	signal: AbortSignal;
}

export interface Run extends LocalRun {
	client: WaveSpeedClient;
	http: Http;
	/** Calls that may be repeated. */
	calls: PatientCalls;
	/** What n8n stores for this node; changed in place. */
	state: StoredState;
	jobStore: JobStore;
	files: FileStore;
	uploads: Uploads;
	proof: Proof;
	reusable: ReusableJobs;
	submissions: Submissions;
	prices: Prices;
	budget: Budget;
	/** Which run of the node within the execution: nodes in loops run many times. */
	runIndex: number;
	/** When n8n began this run of the node, milliseconds since 1970. */
	startedAt: number;
	/** What the history shows of the jobs of a stored wait. */
	roundHistory: RoundHistory;
	executionId: string;
	/** Digest of base URL and key. */
	accountId: string;
}

/** Of operations that need no credential. */
export function createLocalRun(context: IExecuteFunctions): LocalRun {
	const aborter = new AbortController();
	const cancelled = context.getExecutionCancelSignal();
	const signal = cancelled ? AbortSignal.any([cancelled, aborter.signal]) : aborter.signal;
	const clock = createClock(signal);
	const http = createHttp(context, signal, async () => await Promise.resolve(''));
	return {
		context,
		signal,
		clock,
		fetcher: createFetcher(context, http, PUBLIC_API, clock),
		contents: new Contents(async () => await clock.sleep(0)),
		report: new Report(context),
		paidJobs: new Map(),
		keepsInput: new Set(),
		abort: () => aborter.abort(),
		isCancelled: () => cancelled?.aborted === true,
	};
}

/** Which run of the node within the execution, from 0: nodes in loops run many times. */
export function readRunIndex(context: IExecuteFunctions): number {
	return Number(context.evaluateExpression('{{ $runIndex }}', 0) ?? 0);
}

/** @throws JobError when the credential is missing or wrong */
export async function createRun(context: IExecuteFunctions): Promise<Run> {
	const { baseUrl, accountId } = await readAccount(context);
	const local = createLocalRun(context);
	const { clock, report, signal } = local;
	const http = createHttp(context, signal);
	const client = new WaveSpeedClient(http, baseUrl, clock.now);
	const state = openState(context.getContext('node'));
	const jobStore = new JobStore(state, clock.now, accountId);
	const history = new JobHistory(client, clock);
	const executionId = context.getExecutionId();
	const proof = new Proof(http, baseUrl);
	const calls = new PatientCalls(clock, accountId);
	const prices = new Prices(client, calls);
	const runIndex = readRunIndex(context);
	return {
		...local,
		client,
		http,
		calls,
		state,
		jobStore,
		fetcher: createFetcher(context, http, baseUrl, clock),
		files: new FileStore(state, runIndex),
		uploads: new Uploads(client, http, jobStore, calls),
		proof,
		reusable: new ReusableJobs(client, http, history, proof, jobStore, clock),
		submissions: new Submissions(
			client,
			jobStore,
			calls,
			(cause, since) => report.jobUnconfirmed(cause, since),
			(message) => report.addNote(message),
		),
		prices,
		budget: new Budget(
			client,
			prices,
			jobStore,
			isTool(context) ? undefined : runIndex,
			orderOf(state),
		),
		accountId,
		executionId,
		runIndex,
		startedAt: clock.now(),
		roundHistory: new RoundHistory(client, proof, jobStore, clock, executionId, (message) =>
			report.addNote(message),
		),
	};
}

function createFetcher(
	context: IExecuteFunctions,
	http: Http,
	baseUrl: string,
	clock: Clock,
): MediaFetcher {
	return new MediaFetcher(http, baseUrl, clock, continuesOnFail(context), async (...file) => {
		return await storeFile(context, ...file);
	});
}
