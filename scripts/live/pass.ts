/** The pass through the real service, or the emulator in its place. */
import { WaveSpeedClient } from '../../nodes/WaveSpeedInfiniteTalk/api/client';
import type { Clock } from '../../nodes/WaveSpeedInfiniteTalk/shared/clock';
import { formatUsd, roundUsd } from '../../nodes/WaveSpeedInfiniteTalk/shared/money';
import { toCleanError } from '../../nodes/WaveSpeedInfiniteTalk/shared/redact';
import { Findings, NotRun, type Verdict } from './findings';
import { askFree } from './free';
import { LiveHttp, MAX_JOBS, type Account, type Exchange } from './http';
import { askWithJobs } from './jobs';

export interface PassOptions extends Account {
	/** True to make no job. */
	free: boolean;
	/** Asks whether jobs may be submitted. */
	confirm: (question: string) => Promise<boolean>;
	clock: Clock;
	/** Called with each verdict as soon as it is there. */
	onVerdict: (verdict: Verdict) => void;
}

export interface PassResult {
	verdicts: Verdict[];
	exchanges: Exchange[];
	/** Why the pass ended before its end. */
	notRun?: string;
}

/** What all steps of the pass share. */
export interface Session {
	account: Account;
	http: LiveHttp;
	client: WaveSpeedClient;
	clock: Clock;
	findings: Findings;
}

/** Never submits more than {@link MAX_JOBS} jobs, nor any that was not agreed to. */
export async function runPass(options: PassOptions): Promise<PassResult> {
	const { apiKey, baseUrl, clock, onVerdict } = options;
	const account = { apiKey, baseUrl };
	const http = new LiveHttp(account);
	const client = new WaveSpeedClient(http, baseUrl, clock.now);
	const session: Session = { account, http, client, clock, findings: new Findings(onVerdict) };
	let notRun: string | undefined;
	try {
		const { balance, urls, price } = await askFree(session);
		if (!options.free) {
			if (!urls || price === undefined) {
				throw new NotRun('No job was submitted: there is no price, or no file to make one of.');
			}
			await agree(session, price, balance, options.confirm);
			await askWithJobs(session, urls, price);
		}
	} catch (error) {
		// What was found so far must not be lost.
		const clean = toCleanError(error, apiKey);
		notRun = error instanceof NotRun ? clean.message : (clean.stack ?? clean.message);
	} finally {
		await http.close();
	}
	const { verdicts } = session.findings;
	return { verdicts, exchanges: http.exchanges, ...(notRun !== undefined && { notRun }) };
}

/** 0: no difference, 1: differences, 2: not run to its end. */
export function exitCode({ verdicts, notRun }: PassResult): 0 | 1 | 2 {
	if (verdicts.some(({ outcome }) => outcome === 'different')) return 1;
	return notRun === undefined ? 0 : 2;
}

/** @throws NotRun when the jobs may not be submitted */
async function agree(
	{ http }: Session,
	price: number,
	balance: number,
	confirm: PassOptions['confirm'],
): Promise<void> {
	const total = roundUsd(MAX_JOBS * price);
	const cost = `${MAX_JOBS} jobs at ${formatUsd(price)} cost ${formatUsd(total)}. Balance: ${formatUsd(balance)}.`;
	if (balance < total) {
		throw new NotRun(`No job was submitted, the balance is too low: ${cost}`);
	}
	const plan = 'One of them fails on purpose and should be paid back; the last one is deleted.';
	if (!(await confirm(`${cost}\n${plan}`))) {
		throw new NotRun('No job was submitted: it was not agreed to.');
	}
	http.allowJobs();
}
