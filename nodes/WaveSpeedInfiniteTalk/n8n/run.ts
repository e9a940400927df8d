/** The parts that one run of the node works with, put together from n8n's context. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { WaveSpeedClient } from '../api/client';
import type { Http } from '../api/http';
import type { Clock } from '../shared/clock';
import type { StoredJobs } from '../job/jobStore';
import { JobStore } from '../job/jobStore';
import { Submissions } from '../job/submitJob';
import { Uploads } from '../job/uploadFiles';
import { createClock } from './clock';
import { createHttp, CREDENTIAL, readBaseUrl } from './http';
import { Report } from './report';

export interface Run {
	context: IExecuteFunctions;
	client: WaveSpeedClient;
	http: Http;
	clock: Clock;
	jobStore: JobStore;
	uploads: Uploads;
	submissions: Submissions;
	report: Report;
	/** Which run of the node within the execution: nodes in loops run many times. */
	runIndex: number;
	/** Tells accounts apart without naming a secret. */
	account: string;
	/** Ends all sleeps and requests of this run, except submissions on their way. */
	abort(): void;
	/** True when the user stopped the execution. */
	isCancelled(): boolean;
}

/** @throws Error with a sentence for the user when the credential is missing or wrong */
export async function createRun(context: IExecuteFunctions): Promise<Run> {
	const baseUrl = await readBaseUrl(context);
	const halted = new AbortController();
	const cancelled = context.getExecutionCancelSignal();
	const stopped = cancelled ? AbortSignal.any([cancelled, halted.signal]) : halted.signal;
	const http = createHttp(context, stopped);
	const clock = createClock(stopped);
	const client = new WaveSpeedClient(http, baseUrl, clock.now);
	const jobStore = new JobStore(context.getContext('node') as StoredJobs, clock.now);
	return {
		context,
		client,
		http,
		clock,
		jobStore,
		uploads: new Uploads(client, http, jobStore, clock),
		submissions: new Submissions(client, jobStore, clock),
		report: new Report(context),
		runIndex: Number(context.evaluateExpression('{{ $runIndex }}', 0) ?? 0),
		account: `${baseUrl} ${context.getNode().credentials?.[CREDENTIAL]?.id ?? ''}`,
		abort: () => halted.abort(),
		isCancelled: () => cancelled?.aborted === true,
	};
}
