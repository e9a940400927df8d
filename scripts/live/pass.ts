/** The pass through the real service, or the emulator in its place. */
import type { Clock } from '../../nodes/WaveSpeedInfiniteTalk/shared/clock';
import { formatUsd, roundUsd } from '../../nodes/WaveSpeedInfiniteTalk/shared/money';
import { toCleanError } from '../../nodes/WaveSpeedInfiniteTalk/shared/redact';
import { compare, type Difference } from './compare';
import { Findings, NotRun, type Verdict } from './findings';
import { MAX_JOBS, type Account, type Exchange } from './http';
import { openSession, type Session } from './session';
import { checkAccount } from './steps/account';
import { checkEnvelope, checkStatuses } from './steps/answers';
import { checkFiles } from './steps/files';
import { checkFirstJob } from './steps/firstJob';
import { checkFailingJob, checkRandomSeed } from './steps/otherJobs';
import { checkPrices } from './steps/price';
import { bodyOf } from './steps/runJob';

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
	differences: Difference[];
	/** Where answers have fields that the contract does not have. */
	notes: string[];
	exchanges: Exchange[];
	/** IDs of the jobs that were made. */
	ownJobs: string[];
	/** Why the pass ended before its end. */
	notRun?: string;
}

/** Never submits more than {@link MAX_JOBS} jobs, nor any that was not agreed to. */
export async function runPass(options: PassOptions): Promise<PassResult> {
	const { apiKey, baseUrl, clock, onVerdict } = options;
	const account = { apiKey, baseUrl };
	const session = openSession(account, clock, new Findings(onVerdict));
	let notRun: string | undefined;
	try {
		await steps(session, options);
	} catch (error) {
		// What was found so far, and above all which jobs were made, must not be lost.
		const clean = toCleanError(error, apiKey);
		notRun = error instanceof NotRun ? clean.message : (clean.stack ?? clean.message);
	} finally {
		await session.http.close();
	}
	await checkEnvelope(session);
	const { exchanges } = session.http;
	return {
		verdicts: session.findings.verdicts,
		...compare(exchanges),
		exchanges,
		ownJobs: session.ownJobs,
		...(notRun !== undefined && { notRun }),
	};
}

async function steps(session: Session, { free, confirm }: PassOptions): Promise<void> {
	const balance = await checkAccount(session);
	const { media, missingFile } = await checkFiles(session);
	const body = media && bodyOf(media);
	const price = await checkPrices(session, body);
	if (!free) {
		if (!body || price === undefined) {
			throw new NotRun('No job was submitted: there is no price, or no file to make one of.');
		}
		await agree(session, price, balance, confirm);
		await checkFirstJob(session, body, price);
		await checkFailingJob(session, body, missingFile);
		await checkRandomSeed(session, body);
		await checkStatuses(session);
	}
}

/** @throws NotRun when the jobs may not be submitted */
async function agree(
	{ http }: Session,
	price: number,
	balance: number | undefined,
	confirm: PassOptions['confirm'],
): Promise<void> {
	const total = roundUsd(MAX_JOBS * price);
	const left = balance === undefined ? '' : ` Balance: ${formatUsd(balance)}.`;
	const cost = `${MAX_JOBS} jobs at ${formatUsd(price)} cost ${formatUsd(total)}.${left}`;
	if (balance !== undefined && balance < total) {
		throw new NotRun(`No job was submitted, the balance is too low: ${cost}`);
	}
	const plan = 'One of them fails on purpose and should be paid back; the last one is deleted.';
	if (!(await confirm(`${cost}\n${plan}`))) {
		throw new NotRun('No job was submitted: it was not agreed to.');
	}
	http.allowJobs();
}
