/** A job with the same inputs is taken only while its result can still be had. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { parsePrediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { JobHistory } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/history';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { rememberJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import { Proof, rememberContent } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/proof';
import type { WantedJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/reuse';
import { ReusableJobs } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/reuse';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import {
	BASE,
	HISTORY_URL,
	MODEL,
	createBody,
	createClient,
	createCompleted,
	createJob,
	createRefusal,
	createReset,
	createSuccess,
	olderResultUrl,
	resultUrl,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp, createStream } from '../support/http';

const VIDEO = 'https://cdn.wavespeed.ai/o/1.mp4';
const SEED = 5;
const QUERY = {
	...{ model: MODEL, resolution: undefined, order: 'meanwhile' },
	...{ prompt: '', seed: SEED },
};
const MADE = new Date(START).toISOString();
const FILES = {
	image: { sha256: 'a', size: 1 },
	left_audio: { sha256: 'b', size: 2 },
	right_audio: { sha256: 'c', size: 3 },
};
/** Where {@link FILES} are, as this process knows. */
const ADDRESSES = Object.keys(FILES).map((key) => createBody()[key as keyof typeof FILES]);
Object.values(FILES).forEach((file, index) => rememberContent(ADDRESSES[index]!, file));

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock());
const client = fresh(() => createClient(http, clock));
const jobStore = fresh(() => new JobStore(openState({}), clock.now, 'account'));
const reusable = fresh(() => {
	const history = new JobHistory(client, clock);
	return new ReusableJobs(client, http, history, new Proof(http, BASE), jobStore, clock);
});
let accounts = 0;

beforeEach(() => {
	accounts++;
});

/** Of another account in each test, as the process remembers its jobs. */
const identity = (inputsDigest = 'inputs') => ({
	accountId: `account ${accounts}`,
	inputsDigest,
	seed: SEED,
});
const look = async (more: Partial<WantedJob> = {}) =>
	await reusable.find({
		...{ key: 'key', query: QUERY, identity: identity(), files: FILES, isShared: true },
		...more,
	});
const find = async (more: Partial<WantedJob> = {}) => (await look(more)).job;

const job = (id: string, more = {}) =>
	createCompleted({ id, created_at: MADE, inputs: createBody({ seed: SEED }), ...more });

function onHistory(...items: object[]): void {
	http.on('POST', HISTORY_URL, createSuccess({ items }));
}

it('a completed job whose video is there is taken, and stored as reused', async () => {
	onHistory(job('a'));
	http.on('GET', resultUrl('a'), createSuccess(job('a')));
	http.on('GET', VIDEO, createStream('x', 206));
	const record = { id: 'a', reusedFrom: MADE };
	const { job: found, hints } = await look();
	expect(found).toMatchObject({ ...record, origin: 'reused', prediction: { id: 'a' } });
	expect(jobStore.job('key')).toEqual({ ...record, state: 'submitted' });
	expect(http.to('GET', VIDEO)[0]).toMatchObject({
		headers: { 'Accept-Encoding': 'identity', Range: 'bytes=0-0' },
		authenticated: false,
		idleTimeoutMs: 10_000,
	});
	expect(hints).toEqual([]);
});

it('a running job is taken, and no video is looked for', async () => {
	const running = job('a', { status: 'processing', outputs: [], created_at: undefined });
	onHistory(running);
	http.on('GET', resultUrl('a'), createSuccess(running));
	expect(await find()).toMatchObject({ id: 'a', reusedFrom: 'unknown' });
});

describe('a video', () => {
	it.each([
		// As a proxy answers: the job would be paid for again in every run.
		['403', createStream('', 403), false],
		['404', createStream('', 404), true],
		['410', createStream('', 410), true],
		['500', createStream('', 500), false],
		['no response', createReset(), false],
	])('answered with %s is gone: %s', async (_what, reply, isGone) => {
		onHistory(job('a'));
		http.on('GET', resultUrl('a'), createSuccess(job('a')));
		http.on('GET', VIDEO, reply);
		expect((await find())?.id).toBe(isGone ? undefined : 'a');
		if ('stream' in reply) expect(reply.stream.destroyed).toBe(true);
	});

	it.each([
		['at a private address is left to the download', ['http://10.0.0.1/1.mp4'], 'a'],
		['that is missing is gone', [], undefined],
	])('%s, without being asked for', async (_what, outputs, id) => {
		onHistory(job('a', { outputs }));
		http.on('GET', resultUrl('a'), createSuccess(job('a', { outputs })));
		expect((await find())?.id).toBe(id);
	});
});

describe('a job of the history', () => {
	it.each([
		['that failed meanwhile', createSuccess(job('a', { status: 'failed' }))],
		['that was deleted', createRefusal(404, 'no such job')],
	])('%s makes room for an older one', async (_what, reply) => {
		onHistory(job('a'), job('b'));
		http.on('GET', resultUrl('a'), reply);
		if (reply.status === 404) http.on('GET', resultUrl('a').replace('/result', ''), reply);
		http.on('GET', resultUrl('b'), createSuccess(createJob({ id: 'b', created_at: MADE })));
		expect((await find())?.id).toBe('b');
	});

	it('that cannot be read now is taken as the history shows it', async () => {
		onHistory(job('a'));
		http.on('GET', resultUrl('a'), createRefusal(500, 'down'));
		expect(await find()).toMatchObject({ id: 'a', prediction: { status: 'completed' } });
	});

	it('that is not shown to this key makes room for an older one, and a hint says so', async () => {
		onHistory(job('a'), job('b'));
		http.on('GET', resultUrl('a'), createRefusal(403, 'No right'));
		http.on('GET', resultUrl('b'), createSuccess(createJob({ id: 'b', created_at: MADE })));
		const { job: found, hints } = await look();
		expect(found?.id).toBe('b');
		expect(hints).toEqual([
			'Job a may have the same inputs, but WaveSpeed does not show it (No right).',
		]);
	});

	it('that cannot be read with this key at all fails the item', async () => {
		onHistory(job('a'));
		http.on('GET', resultUrl('a'), createRefusal(401, 'Unauthorized'));
		const { message, details } = await jobErrorOf(find());
		expect(message).toBe('Unauthorized (job a)');
		expect(details).toEqual({ step: 'submit', id: 'a', http_status: 401 });
	});

	it('that belongs to another item is taken only where items share jobs', async () => {
		jobStore.writeJob('other item', { state: 'submitted', id: 'a' });
		http.always('POST', HISTORY_URL, createSuccess({ items: [job('a')] }));
		expect(await find({ isShared: false })).toBeUndefined();
		http.on('GET', resultUrl('a'), createSuccess(job('a', { status: 'created' })));
		expect((await find())?.id).toBe('a');
	});
});

describe('a job with the same seed', () => {
	const OTHER = 'https://cdn.example/other.png';
	const withImage = (id: string, image: string) =>
		job(id, { inputs: { ...createBody({ seed: SEED }), image } });

	it('and another picture makes room for the right one, without a word', async () => {
		onHistory(withImage('a', OTHER), job('b'));
		for (const id of ['a', 'b']) {
			http.on('GET', resultUrl(id), createSuccess(job(id, { status: 'created' })));
		}
		http.on('GET', OTHER, createStream('another picture'));
		const { job: found, hints } = await look();
		expect([found?.id, hints]).toEqual(['b', []]);
	});

	it('whose picture cannot be read is not taken, and a hint says so', async () => {
		onHistory(withImage('a', 'https://10.0.0.1/a.png'));
		http.on('GET', resultUrl('a'), createSuccess(job('a')));
		const { job: found, hints } = await look();
		expect(found).toBeUndefined();
		expect(hints).toEqual([
			expect.stringMatching(/^Job a has the same seed, but was not reused: its image has a URL/),
		]);
	});

	it('is compared for the latest twenty of them', async () => {
		const addresses = Array.from({ length: 21 }, (_none, index) => `${OTHER}?${index}`);
		onHistory(...addresses.map((image, index) => withImage(`job-${index}`, image)));
		http.always('GET', /\/result$/, ({ url }) => {
			return createSuccess(job(/(job-\d+)/.exec(url)![1]!, { status: 'created' }));
		});
		http.always('GET', /other\.png/, () => createStream('another picture'));
		const { hints } = await look();
		expect(http.to('GET', /result$/)).toHaveLength(20);
		expect(hints).toEqual([expect.stringContaining('More than 20 jobs')]);
	});
});

describe('a job of this process', () => {
	const remember = (id = 'mine', inputsDigest?: string) => {
		const prediction = parsePrediction(createJob({ id }))!;
		rememberJob({ ...identity(inputsDigest), prediction }, START);
	};
	const rememberOthers = (count: number) => {
		for (let index = 0; index < count; index++) remember(`other-${index}`, 'other');
	};
	const unknown = createRefusal(404, 'Prediction not found');

	it('is taken although the history does not show it', async () => {
		remember();
		http.on('GET', resultUrl('mine'), createSuccess(createJob({ id: 'mine' })));
		expect((await find())?.id).toBe('mine');
	});

	it('is waited for while the service does not find it yet', async () => {
		remember();
		http.on('GET', resultUrl('mine'), unknown, unknown, createSuccess(createJob({ id: 'mine' })));
		http.on('GET', olderResultUrl('mine'), unknown, unknown);
		expect((await find())?.id).toBe('mine');
		expect(clock.elapsed).toBe(2_000);
	});

	it('is not there when the service has found it before', async () => {
		remember();
		http.on('GET', resultUrl('mine'), createSuccess(createJob({ id: 'mine' })));
		expect((await find())?.id).toBe('mine');
		http.on('GET', resultUrl('mine'), unknown);
		onHistory();
		expect(await find()).toBeUndefined();
	});

	it('is not there when the service does not find it within ten seconds', async () => {
		remember();
		http.always('GET', resultUrl('mine'), unknown);
		http.always('GET', olderResultUrl('mine'), unknown);
		onHistory();
		expect(await find()).toBeUndefined();
		expect(clock.elapsed).toBe(10_000);
	});

	it('that failed is read once, also where the history shows it', async () => {
		remember();
		const failed = createSuccess(createJob({ id: 'mine', status: 'failed' }));
		http.on('GET', resultUrl('mine'), failed);
		onHistory(job('mine'));
		expect(await find()).toBeUndefined();
	});

	it('that cannot be read now is taken as it was', async () => {
		remember();
		http.on('GET', resultUrl('mine'), createRefusal(500, 'down'));
		expect(await find()).toMatchObject({ id: 'mine', prediction: { status: 'created' } });
	});

	it('is remembered until five thousand others are', async () => {
		remember();
		rememberOthers(5_000);
		onHistory();
		expect(await find()).toBeUndefined();
		remember();
		rememberOthers(4_999);
		http.on('GET', resultUrl('mine'), createSuccess(createJob({ id: 'mine' })));
		expect((await find())?.id).toBe('mine');
	});
});

it('a history that cannot be read counts as empty, and a hint says so', async () => {
	http.on('POST', HISTORY_URL, createRefusal(403, 'No right'));
	const { job: found, hints } = await look();
	expect(found).toBeUndefined();
	expect(hints).toEqual([expect.stringContaining('could not be read (No right)')]);
});
