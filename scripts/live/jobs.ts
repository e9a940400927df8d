/** What can be seen in jobs only. They cost money. */
import { randomInt } from 'node:crypto';
import { chargesByJob } from '../../nodes/WaveSpeedInfiniteTalk/api/account';
import type { SubmitBody } from '../../nodes/WaveSpeedInfiniteTalk/api/client';
import { ApiError } from '../../nodes/WaveSpeedInfiniteTalk/api/errors';
import type { Prediction } from '../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { DEFAULT_MODEL } from '../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { formatUsd, roundUsd } from '../../nodes/WaveSpeedInfiniteTalk/shared/money';
import { Different, need, NotSeen } from './findings';
import { download, type Urls } from './free';
import type { Session } from './pass';
import type { QuestionId } from './questions';

const MINUTE_MS = 60_000;
const PAUSE_MS = 5_000;
/** A clip of 5 s takes a few minutes at most; the queue may be long. */
const MAX_WAIT_MS = 30 * MINUTE_MS;
/** The history dates jobs by another clock. */
const CLOCK_MARGIN_MS = 30_000;
/** The task's own code for a picture without a face (wavespeed.ai/docs/error-codes). */
const NO_FACE = 1403;
/** wavespeed.ai/docs/get-result, and the official clients. */
const STATUSES = ['created', 'processing', 'pending', 'completed', 'failed'];

/** A submission, and what became of it. */
interface Submission {
	readonly body: SubmitBody;
	job?: Prediction;
	/** The refusal for too many requests that came first. */
	refusal?: ApiError;
}

/** @param price US dollars, as quoted for one job */
export async function askWithJobs(session: Session, urls: Urls, price: number): Promise<void> {
	const { blank, ...media } = urls;
	const body: SubmitBody = { ...media, order: 'meanwhile', seed: randomInt(2 ** 31) };
	const usual: Submission = { body };
	const faceless: Submission = { body: { ...body, image: blank, seed: randomInt(2 ** 31) } };
	const random: Submission = { body: { ...body, seed: -1 } };
	const all = [usual, faceless, random];
	const since = session.clock.now() - CLOCK_MARGIN_MS;
	// At once: a small account gets two through, and a refusal.
	for (const submission of all) await submit(session, submission);
	await askHistory(session, usual, since);
	await askRefusal(session, all, since);
	for (const submission of all) await submitAgain(session, submission);
	await askUsual(session, usual, price);
	await askFaceless(session, faceless);
	await askRandom(session, random);
	await session.findings.ask('statuses', async () => {
		const seen = new Set(session.http.exchanges.flatMap(({ response }) => statusesIn(response)));
		const unknown = [...seen].find((status) => !STATUSES.includes(status));
		if (unknown !== undefined) throw new Different(`"${unknown}" is another one`);
		return [[...seen].join(', '), undefined];
	});
}

async function submit({ client }: Session, submission: Submission): Promise<void> {
	try {
		submission.job = await client.submit(DEFAULT_MODEL.id, submission.body);
	} catch (error) {
		if (!(error instanceof ApiError) || error.kind !== 'rateLimit') throw error;
		submission.refusal = error;
	}
}

/** A refused job, once a minute until it is taken. */
async function submitAgain(session: Session, submission: Submission): Promise<void> {
	for (let tries = 0; !submission.job && tries < 10; tries++) {
		await session.clock.sleep(MINUTE_MS);
		await submit(session, submission);
	}
}

async function jobsSince({ client }: Session, since: number): Promise<Prediction[]> {
	const query = { model: DEFAULT_MODEL.id, page: 1, createdAfter: client.toServerTime(since) };
	return (await client.history(query)).items;
}

async function askHistory(session: Session, { job, body }: Submission, since: number) {
	const { findings, clock } = session;
	const began = clock.now();
	const entry = await findings.ask('found-soon', async () => {
		const { id } = need(job, 'there is no job');
		const found = await lookFor(session, MINUTE_MS, async () =>
			(await jobsSince(session, since)).find((each) => each.id === id),
		);
		const seconds = ((clock.now() - began) / 1000).toFixed(1);
		if (!found) throw new Different(`not listed after ${seconds} s`);
		return [`after ${seconds} s`, found];
	});
	await findings.ask('history-inputs', async () => {
		const found = need(entry, 'the history does not show the job').inputs;
		if (!found) throw new Different('it shows none, although they were asked for');
		const keys = ['image', 'left_audio', 'right_audio'] as const;
		const other = keys.find((key) => found[key] !== body[key]);
		if (other) throw new Different(`${other} is another address than the one that was sent`);
		return [Object.keys(found).join(', '), undefined];
	});
	await findings.ask('seed', async () => {
		const { seed } = need(entry?.inputs, 'the history shows no job, or no inputs of it');
		if (seed === body.seed) return [`${body.seed}`, undefined];
		throw new Different(`${body.seed} was sent, the history shows ${JSON.stringify(seed)}`);
	});
}

/** Jobs of others are told apart by the addresses, which nobody else knows. */
async function askRefusal(session: Session, all: readonly Submission[], since: number) {
	await session.findings.ask('refusal', async () => {
		const refused = all.filter(({ refusal }) => refusal);
		if (refused.length === 0) throw new NotSeen('all three submissions were taken at once');
		await session.clock.sleep(MINUTE_MS);
		const ours = new Set(all.map(({ body }) => body.left_audio));
		const jobs = await jobsSince(session, since);
		const shown = jobs.filter(({ inputs }) => ours.has(String(inputs?.left_audio)));
		need(shown[0], 'the history shows no inputs');
		const known = all.flatMap(({ job }) => job?.id ?? []);
		const made = shown.filter(({ id }) => !known.includes(id));
		if (made.length > 0) throw new Different(`it made the job ${made.map(({ id }) => id).join()}`);
		return [`${refused.length} refused, none of them in the history`, undefined];
	});
}

async function askUsual(session: Session, { job }: Submission, price: number): Promise<void> {
	const { findings } = session;
	const ended = await askCompleted(session, 'job-ends', job);
	await findings.ask('video', async () => {
		const { outputs } = need(ended, 'the job has not completed');
		const { headers, bytes } = await download(session, need(outputs[0], 'it has no output'));
		const type = headers['content-type'] ?? 'no type';
		const text = `${type}, ${bytes.length} bytes`;
		if (type === 'video/mp4' && bytes.toString('latin1', 4, 8) === 'ftyp') return [text, undefined];
		throw new Different(text);
	});
	await findings.ask('charge', async () => {
		const { id } = need(ended, 'the job has not completed');
		// A bill may come later than the video.
		const charged = await lookFor(session, MINUTE_MS, async () => await chargeOf(session, id));
		if (charged === undefined) throw new Different('the bill does not show the job');
		const text = `${formatUsd(charged)}, quoted ${formatUsd(price)}`;
		if (charged !== roundUsd(price)) throw new Different(text);
		return [text, undefined];
	});
}

async function askFaceless(session: Session, { job }: Submission): Promise<void> {
	const { findings } = session;
	let failed: Prediction | undefined;
	await findings.ask('no-face', async () => {
		const end = await endOf(session, job);
		const text = `job ${end.id}: "${end.status}", code ${end.code}, "${end.error}"`;
		if (end.status === 'failed') failed = end;
		if (end.status !== 'failed' || end.code !== NO_FACE) throw new Different(text);
		return [text, undefined];
	});
	await findings.ask('refund', async () => {
		const { id } = need(failed, 'no job has failed');
		await lookFor(session, MINUTE_MS, async () => (await chargeOf(session, id)) === 0 || undefined);
		if (!(await chargeOf(session, id))) return ['all of it', undefined];
		throw new NotSeen('not yet; WaveSpeed promises it within 3 hours');
	});
}

async function askRandom(session: Session, { job }: Submission): Promise<void> {
	const { findings, client } = session;
	await askCompleted(session, 'random-seed', job);
	await findings.ask('deletion', async () => {
		const { id } = need(job, 'there is no job to delete');
		const count = await client.deletePredictions([id]);
		if (count !== 1) throw new Different(`deleted_count is ${count}`);
		const left = await client.result(id).catch((error: unknown) => {
			if (error instanceof ApiError && error.kind === 'notFound') return undefined;
			throw error;
		});
		if (left && left.state !== 'failed') {
			throw new Different(`afterwards it has the status "${left.status}"`);
		}
		return [`job ${id}`, undefined];
	});
}

async function askCompleted(session: Session, id: QuestionId, job: Prediction | undefined) {
	return await session.findings.ask(id, async () => {
		const end = await endOf(session, job);
		if (end.state === 'completed') return [`job ${end.id}`, end];
		throw new Different(`it ended as "${end.status}": ${end.error}`);
	});
}

async function endOf(session: Session, job: Prediction | undefined): Promise<Prediction> {
	const { id } = need(job, 'there is no job');
	const end = await lookFor(session, MAX_WAIT_MS, async () => {
		const last = await session.client.result(id);
		return last.state === 'unfinished' ? undefined : last;
	});
	if (!end) throw new Different('it has not ended after 30 minutes');
	return end;
}

/** What a job was charged; undefined while the bill does not show it. */
async function chargeOf({ client }: Session, id: string): Promise<number | undefined> {
	return chargesByJob((await client.billings([id])).records).get(id);
}

/** Looks every few seconds until there is something, or until the time is up. */
async function lookFor<T>(
	{ clock }: Session,
	ms: number,
	look: () => Promise<T | undefined>,
): Promise<T | undefined> {
	const until = clock.now() + ms;
	for (;;) {
		const found = await look();
		if (found !== undefined || clock.now() > until) return found;
		await clock.sleep(PAUSE_MS);
	}
}

function statusesIn(response: unknown): string[] {
	const { data } = (response ?? {}) as { data?: { id?: unknown; status?: unknown } };
	return typeof data?.id === 'string' && typeof data.status === 'string' ? [data.status] : [];
}
