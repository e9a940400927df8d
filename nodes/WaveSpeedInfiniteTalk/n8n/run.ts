/** The parts that one run of the node works with, put together from n8n's context. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { WaveSpeedClient } from '../api/client';
import type { Http } from '../api/http';
import type { Clock } from '../job/clock';
import type { LedgerStore } from '../job/ledger';
import { Ledger } from '../job/ledger';
import { Submissions } from '../job/submit';
import { Uploads } from '../job/upload';
import { createClock } from './clock';
import { createHttp, CREDENTIAL, readBaseUrl } from './http';
import { Report } from './report';

export interface Run {
	context: IExecuteFunctions;
	client: WaveSpeedClient;
	http: Http;
	clock: Clock;
	ledger: Ledger;
	uploads: Uploads;
	submissions: Submissions;
	report: Report;
	/** Which run of the node within the execution: nodes in loops run many times. */
	runIndex: number;
	/** Tells accounts apart without naming a secret. */
	account: string;
	/** Ends all sleeps and requests of this run, except submissions on their way. */
	halt(): void;
	/** True when the user stopped the execution. */
	stoppedByUser(): boolean;
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
	const ledger = new Ledger(context.getContext('node') as LedgerStore, clock.now);
	return {
		context,
		client,
		http,
		clock,
		ledger,
		uploads: new Uploads(client, http, ledger, clock),
		submissions: new Submissions(client, ledger, clock),
		report: new Report(context),
		runIndex: Number(context.evaluateExpression('{{ $runIndex }}', 0) ?? 0),
		account: `${baseUrl} ${context.getNode().credentials?.[CREDENTIAL]?.id ?? ''}`,
		halt: () => halted.abort(),
		stoppedByUser: () => cancelled?.aborted === true,
	};
}
