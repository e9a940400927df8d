/** A job with the same inputs is taken only while its result can still be had. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { JobHistory } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/history';
import type { JobIdentity } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import { rememberJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import { Proof, rememberContent } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/proof';
import { ReusableJobs, type WantedJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/reuse';
import {
	BASE,
	HISTORY_URL,
	createBody,
	createCompleted,
	createPage,
	createPrediction,
	createRefusal,
	createReset,
	createSuccess,
	olderResultUrl,
	resultUrl,
	freshApi,
} from '../support/api';
import { START } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { createStream } from '../support/http';
import { createIdentity, createQuery } from '../support/records';

const { client, clock, http, jobStore } = freshApi();

const VIDEO = 'https://cdn.wavespeed.ai/o/1.mp4';
const BODY = createBody({ seed: 5 });
const QUERY = createQuery({ seed: 5 });
const MADE = new Date(START).toISOString();
const FILES = {
	image: { sha256: 'a', size: 1 },
	left_audio: { sha256: 'b', size: 2 },
	right_audio: { sha256: 'c', size: 3 },
};
// Where they are, as this process knows.
for (const key of Object.keys(FILES) as Array<keyof typeof FILES>) {
	rememberContent(BODY[key]!, FILES[key]);
}
const RUNNING = { status: 'created', outputs: [] };
const FAILED = { status: 'failed' };

const reusable = fresh(() => {
	const history = new JobHistory(client, clock);
	return new ReusableJobs(client, http, history, new Proof(http, BASE), jobStore, clock);
});
let accounts = 0;
/** Of another account in each test, as the process remembers its jobs. */
const identity = () => createIdentity({ accountId: `account ${accounts}`, seed: 5 });

beforeEach(() => void accounts++);

async function look(more: Partial<WantedJob> = {}) {
	const wanted = { key: 'key', query: QUERY, identity: identity(), files: FILES, isShared: true };
	const { job: found, notes } = await reusable.find({ ...wanted, ...more });
	return { id: found?.id, found, notes };
}

const job = (id: string, more = {}) =>
	createCompleted({ id, created_at: MADE, inputs: BODY, ...more });
const unknown = createRefusal(404, 'Prediction not found');

function onHistory(...items: object[]): void {
	http.on('POST', HISTORY_URL, createPage(items));
}

/** The service reads a job, each time in another way. */
function onResult(id: string, ...replies: Array<HttpResponse | object>): void {
	const results = replies.map((reply) =>
		'text' in reply ? (reply as HttpResponse) : createSuccess(job(id, reply)),
	);
	http.on('GET', resultUrl(id), ...results);
	http.on('GET', olderResultUrl(id), ...results.filter(({ status }) => status === 404));
}

it('a completed job is stored as reused; of its video one byte is read, without the key', async () => {
	onHistory(job('a'));
	onResult('a', {});
	http.on('GET', VIDEO, createStream('x', 206));
	const record = { id: 'a', reusedFrom: MADE };
	expect((await look()).found).toMatchObject({ ...record, origin: 'reused' });
	expect(jobStore.job('key')).toEqual({ ...record, state: 'submitted' });
	const headers = { 'Accept-Encoding': 'identity', Range: 'bytes=0-0' };
	expect(http.to('GET', VIDEO)).toMatchObject([{ headers, authenticated: false }]);
});

it.each([
	['a running job', { status: 'processing', outputs: [], created_at: undefined }, 'unknown'],
	['a job that cannot be read now', createRefusal(500, 'down'), MADE],
])('%s is taken, and no video is looked for', async (_what, reply, reusedFrom) => {
	onHistory(job('a'));
	onResult('a', reply);
	expect((await look()).found).toMatchObject({ id: 'a', reusedFrom });
});

it.each([
	// As a proxy answers: the job would be paid for again in every run.
	['403', [VIDEO], createStream('', 403), 'a'],
	['404', [VIDEO], createStream('', 404), undefined],
	['410', [VIDEO], createStream('', 410), undefined],
	['no response', [VIDEO], createReset(), 'a'],
	['its private address, which is left to the download', ['http://10.0.0.1/1.mp4'], undefined, 'a'],
	['no video', [], undefined, undefined],
])('a completed job with %s: its video decides', async (_what, outputs, reply, id) => {
	onHistory(job('a', { outputs }));
	onResult('a', { outputs });
	if (reply) http.on('GET', VIDEO, reply);
	expect((await look()).id).toBe(id);
	if (reply && 'stream' in reply) expect(reply.stream.destroyed).toBe(true);
});

describe('a job of the history', () => {
	it.each([
		['that failed meanwhile', FAILED, []],
		['that was deleted', unknown, []],
		[
			'that is not shown to this key',
			createRefusal(403, 'No right'),
			['Job a may have the same inputs, but WaveSpeed does not show it (No right).'],
		],
	])('%s makes room for an older one', async (_what, reply, notes) => {
		onHistory(job('a'), job('b'));
		onResult('a', reply);
		onResult('b', RUNNING);
		expect(await look()).toMatchObject({ id: 'b', notes });
	});

	it('that cannot be read with this key at all fails the item', async () => {
		onHistory(job('a'));
		onResult('a', createRefusal(401, 'Unauthorized'));
		const { message, details } = await jobErrorOf(look());
		expect(message).toBe('Unauthorized (job a)');
		expect(details).toEqual({ step: 'submit', id: 'a', http_status: 401 });
	});

	it('that belongs to another item is taken only where items share jobs', async () => {
		jobStore.writeJob('other item', { state: 'submitted', id: 'a' });
		onHistory(job('a'));
		expect((await look({ isShared: false })).id).toBeUndefined();
		onResult('a', RUNNING);
		expect((await look()).id).toBe('a');
	});
});

// Which of them is ours: test/engine/paid-once/proof.test.ts.
it('of the jobs with the same seed, the latest twenty are compared', async () => {
	const ids = Array.from({ length: 21 }, (_, at) => `job-${at}`);
	const imageOf = (id: string) => `https://cdn.example/${id}.png`;
	onHistory(...ids.map((id) => job(id, { inputs: { ...BODY, image: imageOf(id) } })));
	for (const id of ids.slice(0, 20)) onResult(id, RUNNING);
	http.always('GET', /png/, () => createStream('another picture'));
	expect((await look()).notes).toEqual([expect.stringContaining('More than 20 jobs')]);
});

describe('a job of this process', () => {
	const remember = (id = 'mine', more: Partial<JobIdentity> = {}) => {
		rememberJob({ ...identity(), ...more, prediction: createPrediction({ id }) }, START);
	};

	it.each<[string, object[], string | undefined, number]>([
		['is taken although the history does not show it', [RUNNING], 'mine', 0],
		['is waited for while it is not found yet', [unknown, unknown, RUNNING], 'mine', 2_000],
		['is not there when not found for ten seconds', Array(11).fill(unknown), undefined, 10_000],
		['that failed is read once, also where the history shows it', [FAILED], undefined, 0],
		['that cannot be read now is taken as it was', [createRefusal(500, 'down')], 'mine', 0],
	])('%s', async (_what, replies, id, ms) => {
		remember();
		onResult('mine', ...replies);
		if (!id) onHistory(job('mine'));
		expect(await look()).toMatchObject({ id, ...(id && { found: { prediction: RUNNING } }) });
		expect(clock.elapsed).toBe(ms);
	});

	it('is not there when the service has found it before', async () => {
		remember();
		onResult('mine', RUNNING);
		expect((await look()).id).toBe('mine');
		http.on('GET', resultUrl('mine'), unknown);
		onHistory();
		for (let time = 0; time < 2; time++) expect((await look()).id).toBeUndefined();
	});

	it('is not taken when it has other inputs, or another seed', async () => {
		remember('other-inputs', { inputsDigest: 'other' });
		remember('other-seed', { seed: 6 });
		onHistory();
		expect((await look()).id).toBeUndefined();
	});

	it.each([
		[4_999, 'mine'],
		[5_000, undefined],
	])('is remembered beside %i others: %s', async (count, id) => {
		remember();
		for (let index = 0; index < count; index++) remember(`other-${index}`, { seed: 6 });
		if (id) onResult('mine', RUNNING);
		else onHistory();
		expect((await look()).id).toBe(id);
	});
});
