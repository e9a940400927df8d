/** A job as the node makes most of them: with a seed derived from its inputs. Costs money. */
import type { SubmitBody } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { downloadVideo } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/downloadVideo';
import {
	createdAtMs,
	findSubmission,
	JobHistory,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/history';
import { DEFAULT_MODEL } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { isVideoGone } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/videoAvailability';
import { HEAD_BYTES } from '../../../nodes/WaveSpeedInfiniteTalk/probe/fileType';
import { Different, NotSeen, need } from '../findings';
import type { Session } from '../session';
import { checkCharge } from './charges';
import { inHistory, inputsIn, secondsSince, submitJob, waitForEnd } from './runJob';

const HOUR_MS = 3600_000;
/** How far `findSubmission` lets a job's date and the submission be apart. */
const DATE_MARGIN_MS = 30_000;

/** @param price US dollars, as quoted */
export async function checkFirstJob(
	session: Session,
	body: SubmitBody,
	price: number,
): Promise<void> {
	const { findings, client, clock, http } = session;
	const since = clock.now();
	const submitted = await findings.check('submit', async () => {
		const job = await submitJob(session, 'first', body);
		return [`job ${job.id}, status "${job.status}", after ${secondsSince(clock, since)}`, job];
	});
	const job = () => need(submitted, 'there is no job');
	await findings.check('job-readable', async () => {
		const { status } = await client.result(job().id);
		const path = http
			.of('result')
			.at(-1)
			?.url.replace(/^.*(?=\/predictions\/)/, '');
		return [`status "${status}" at ${path?.replace(job().id, '{id}')}`, undefined];
	});
	await findings.check('created-at', async () => {
		const created = createdAtMs(job());
		const apart = (created - client.toServerTime(since)) / 1000;
		if (Math.abs(apart) * 1000 <= DATE_MARGIN_MS) {
			return [`${apart.toFixed(1)} s after the submission`, undefined];
		}
		throw new Different(`${job().createdAt ?? 'no date'}: ${apart.toFixed(1)} s apart`);
	});
	await findings.check('lost-answer', async () => {
		const search = { model: DEFAULT_MODEL.id, body, since, seedIsDerived: true };
		const [found] = await findSubmission(client, { ...search, known: () => new Set() }, clock);
		if (found?.id === job().id) {
			return [`found ${secondsSince(clock, since)} after the submission`, undefined];
		}
		const listed = await inHistory(session, job().id);
		if (listed && !listed.inputs) throw new NotSeen('the history shows no inputs');
		throw new Different(
			`${listed ? 'listed with other inputs' : 'not listed'} after ${secondsSince(clock, since)}`,
		);
	});
	await checkHistory(session, submitted, body);
	const ended = await findings.check('job-ends', async () => {
		const end = await waitForEnd(session, job());
		if (end.state === 'completed') return [`after ${secondsSince(clock, since)}`, end];
		throw new Different(`it ended as "${end.status}": ${end.error}`);
	});
	await findings.check('video', async () => [await download(session, ended), undefined]);
	await findings.check('reuse', async () => [await reuse(session, ended, body), undefined]);
	await checkCharge(session, ended, price);
}

async function checkHistory(
	session: Session,
	submitted: Prediction | undefined,
	body: SubmitBody,
): Promise<void> {
	const { findings, client, clock } = session;
	let entry: Prediction | undefined;
	await findings.check('history-inputs', async () => {
		entry = await inHistory(session, need(submitted, 'there is no job').id);
		if (!need(entry, 'the history does not show the job').inputs) {
			throw new Different('it shows none, although they were asked for');
		}
		return [`as "${entry?.raw.inputs ? 'inputs' : 'input'}"`, undefined];
	});
	await findings.check('history-urls', async () => {
		const inputs = inputsIn(entry);
		const keys = ['image', 'left_audio', 'right_audio'] as const;
		const other = keys.find((key) => inputs[key] !== body[key]);
		if (other) throw new Different(`${other} is another address than the one that was sent`);
		return ['the same, letter by letter', undefined];
	});
	await findings.check('seed-sent', async () => {
		const { seed } = inputsIn(entry);
		if (seed === body.seed) return [`${body.seed}`, undefined];
		throw new Different(`${body.seed} was sent, the history shows ${JSON.stringify(seed)}`);
	});
	await findings.check('history-filter', async () => {
		need(entry, 'the history does not show the job');
		const createdAfter = client.toServerTime(clock.now()) + HOUR_MS;
		const { items } = await client.history({ model: DEFAULT_MODEL.id, page: 1, createdAfter });
		if (items.length === 0) return ['no job of the future is listed', undefined];
		throw new Different('a filter that no job fits lists jobs');
	});
}

async function download(session: Session, ended: Prediction | undefined): Promise<string> {
	const { http, account, clock } = session;
	const { id, outputs } = need(ended, 'the job has not completed');
	const [url] = outputs;
	if (url === undefined) throw new Different('the completed job has no output');
	const { baseUrl } = account;
	const job = { id, url };
	const { type, bytes, head } = await downloadVideo(http, job, baseUrl, clock, async (video) => ({
		type: video.type,
		...(await readThrough(video.stream)),
	}));
	const isMp4 = head.toString('latin1', 4, 8) === 'ftyp';
	if (type === 'video/mp4' && isMp4) return `${type}, ${bytes} bytes`;
	throw new Different(`${type}, ${bytes} bytes${isMp4 ? '' : ', which are no MP4'}`);
}

/** How long a stream is, and its first bytes. */
async function readThrough(
	stream: AsyncIterable<unknown>,
): Promise<{ bytes: number; head: Buffer }> {
	let bytes = 0;
	let head = Buffer.alloc(0);
	for await (const chunk of stream as AsyncIterable<Buffer>) {
		if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]);
		bytes += chunk.length;
	}
	return { bytes, head };
}

async function reuse(
	{ client, http, account, clock }: Session,
	ended: Prediction | undefined,
	body: SubmitBody,
): Promise<string> {
	const { id, outputs } = need(ended, 'the job has not completed');
	const history = new JobHistory(client, clock);
	const found = await history.find({
		model: DEFAULT_MODEL.id,
		resolution: undefined,
		seed: body.seed,
		order: body.order,
		prompt: '',
		urls: {},
	});
	if (!found.some((job) => job.id === id)) {
		const shows = await history.showsInputs(DEFAULT_MODEL.id);
		need(shows || undefined, 'there are no inputs');
		throw new Different('the history shows no job with the same inputs');
	}
	if (await isVideoGone(http, outputs[0] ?? '', account.baseUrl)) {
		throw new Different('a range of its video is refused, as if it were gone');
	}
	return 'found by its seed';
}
