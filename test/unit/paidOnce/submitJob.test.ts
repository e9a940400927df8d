/** The step that costs money. The judge of every test is the number of submitting requests. */
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { NoResponseError, CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import {
	type JobRecord,
	openState,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import {
	type Submission,
	Submissions,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import {
	MODEL,
	GATEWAY_PAGE,
	HISTORY_URL,
	JOB,
	MODEL_URL,
	createResponse,
	createBody,
	createClient,
	createJob,
	createRefusal,
	createReset,
	createSuccess,
	createUnreachable,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

const MINUTE = 60_000;
const DEADLINE = START + 60 * MINUTE;
const KEY = '0.0.print';
const BODY = createBody();
const WEBHOOK = { url: 'https://n8n.example/w', executionId: '7' };
const CALLING_URL = `${MODEL_URL}?webhook=${encodeURIComponent(WEBHOOK.url)}`;
const FITTING = createJob({ inputs: { ...BODY } });

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock());
const state = fresh(() => openState({}));
const submissions = fresh(() => createSubmissions());

/** What a new try of the node has: new objects over the same store. */
function createSubmissions(addHint?: (message: string) => void): Submissions {
	const jobStore = new JobStore(state, clock.now, 'account');
	return new Submissions(
		createClient(http, clock),
		jobStore,
		new PatientCalls(clock),
		() => {},
		addHint,
	);
}

const IDENTITY = { accountId: 'account', inputsDigest: 'inputs', seed: -1 };

function createSubmission(more: Partial<Submission> = {}): Submission {
	return {
		...{ key: KEY, model: MODEL, identity: IDENTITY, body: BODY, seedIsDerived: false },
		...{ look: async () => await Promise.resolve(undefined), deadline: DEADLINE, ...more },
	};
}

async function submit(more: Partial<Submission> = {}) {
	return await submissions.submit(createSubmission(more));
}

/** An item that differs from others in more than its seed. */
async function submitSeed(seed: number, more: Partial<Submission> = {}) {
	const body = createBody({ seed, prompt: `video ${seed}` });
	return await submit({ key: `0.${seed}.x`, body, ...more });
}

async function resume(by = submissions) {
	return await by.resume(createSubmission());
}

const UNCONFIRMED: JobRecord = {
	...{ state: 'submitting', identity: IDENTITY, body: BODY, since: START },
};

function record(key = KEY): JobRecord | undefined {
	return state.jobs[key];
}

function createHistory(...items: object[]) {
	return createSuccess({ page: 1, items });
}

const AMBIGUOUS: Array<[string, Error | ReturnType<typeof createResponse>]> = [
	['a reset', createReset()],
	['a timeout', new NoResponseError('TIMEOUT', 'the request timed out')],
	['a broken pipe', new NoResponseError('EPIPE', 'the connection was lost')],
	['an error of no known code', new NoResponseError('EWHATEVER', 'odd')],
	['HTTP 408', createRefusal(408, 'Request Timeout')],
	['HTTP 500', createRefusal(500, 'Internal error')],
	['HTTP 502 with a page', createResponse(502, GATEWAY_PAGE)],
	['HTTP 503', createRefusal(503, 'Unavailable')],
	['HTTP 504 with a page', createResponse(504, GATEWAY_PAGE)],
	['HTTP 200 with a page', createResponse(200, GATEWAY_PAGE)],
	['HTTP 200 without a body', createResponse(200, '')],
	['HTTP 200 with half a body', createResponse(200, '{"code":200,"data":{"id":"e68')],
	['HTTP 200 with the code 500', createResponse(200, { code: 500, message: 'x' })],
	['a success without data', createSuccess(null)],
	['a success without ID', createSuccess(createJob({ id: '' }))],
];

describe('a submission', () => {
	it('gives the job and writes it down', async () => {
		http.on('POST', MODEL_URL, createSuccess(createJob()));
		const submitted = await submit();
		expect(submitted).toMatchObject({
			id: JOB,
			origin: 'submitted',
			prediction: { status: 'created' },
		});
		expect(record()).toEqual({ state: 'submitted', id: JOB });
	});

	it('is written down before it is sent', async () => {
		http.on('POST', MODEL_URL, () => {
			expect(record()).toEqual({
				...{ state: 'submitting', identity: IDENTITY, body: BODY, since: START },
			});
			return createSuccess(createJob());
		});
		await submit();
	});

	it('carries the callback address', async () => {
		http.on('POST', CALLING_URL, createSuccess(createJob()));
		const submitted = await submit({ webhook: WEBHOOK });
		expect(submitted.webhookExecutionId).toBe('7');
		expect(record()).toEqual({ state: 'submitted', id: JOB, webhookExecutionId: '7' });
		const resumed = await resume(createSubmissions());
		expect(resumed).toMatchObject({ id: JOB, webhookExecutionId: '7' });
	});

	it('carries a callback address of the user’s own, which wakes no execution', async () => {
		const url = `${MODEL_URL}?webhook=${encodeURIComponent('https://hook.example/w')}`;
		http.on('POST', url, createSuccess(createJob()));
		const submitted = await submit({ webhook: { url: 'https://hook.example/w' } });
		expect(submitted).not.toHaveProperty('webhookExecutionId');
		expect(record()).toEqual({ state: 'submitted', id: JOB });
	});

	it('whose answer was lost keeps its callback when it is recovered', async () => {
		http.on('POST', CALLING_URL, createReset());
		http.on('POST', HISTORY_URL, createHistory(FITTING));
		const submitted = await submit({ webhook: WEBHOOK });
		expect(submitted).toMatchObject({ origin: 'recovered', webhookExecutionId: '7' });
		expect(record()).toMatchObject({ recovered: true, webhookExecutionId: '7' });
	});
});

describe.each(AMBIGUOUS)('after %s', (_what, reply) => {
	it('the job is found in the history and recovered; nothing is sent twice', async () => {
		http.on('POST', MODEL_URL, reply);
		http.on('POST', HISTORY_URL, createHistory(FITTING));
		const submitted = await submit();
		expect(submitted).toMatchObject({ id: JOB, origin: 'recovered' });
		expect(record()).toEqual({ state: 'submitted', id: JOB, recovered: true });
		expect(http.to('POST', MODEL_URL)).toHaveLength(1);
	});

	it('and with nothing in the history a job may exist; the next try looks again and never sends', async () => {
		http.on('POST', MODEL_URL, reply);
		http.on('POST', HISTORY_URL, ...Array(6).fill(createHistory()));
		const failure = await jobErrorOf(submit());
		expect(failure.details).toEqual({ step: 'submit', may_exist: true });
		expect(failure.advice).toMatch(
			/^The history does not show such a job yet\. .* run the workflow again/,
		);
		expect(record()).toMatchObject({ state: 'submitting' });
		http.on('POST', HISTORY_URL, createHistory(FITTING));
		const recovered = { id: JOB, origin: 'recovered' };
		expect(await resume(createSubmissions())).toMatchObject(recovered);
		expect(http.to('POST', MODEL_URL)).toHaveLength(1);
	});
});

describe('the look at the history', () => {
	beforeEach(() => {
		http.on('POST', MODEL_URL, createReset());
	});

	it('asks for this model’s jobs from half a minute before the submission', async () => {
		http.on('POST', HISTORY_URL, createHistory(FITTING));
		await submit();
		expect(JSON.parse(http.to('POST', HISTORY_URL)[0]!.text)).toMatchObject({
			page: 1,
			created_after: new Date(START - 30_000).toISOString(),
			include_inputs: true,
		});
	});

	it('is repeated for a minute, since a gateway may give up before the job is made', async () => {
		http.on('POST', HISTORY_URL, ...Array(5).fill(createHistory()), createHistory(FITTING));
		expect(await submit()).toMatchObject({ origin: 'recovered' });
		expect(clock.elapsed).toBe(MINUTE);
	});

	it('survives transient failures', async () => {
		const failures = [createReset(), createRefusal(429, 'busy'), createRefusal(502, 'x')];
		http.on('POST', HISTORY_URL, ...failures, createHistory(FITTING));
		expect(await submit()).toMatchObject({ origin: 'recovered' });
	});

	it.each([401, 403, 404])(
		'that is refused with HTTP %i says that a job may exist',
		async (status) => {
			http.on('POST', HISTORY_URL, createRefusal(status, 'No history for you'));
			const failure = await jobErrorOf(submit());
			expect(failure.details).toMatchObject({ step: 'submit', may_exist: true });
			expect(record()).toMatchObject({ state: 'submitting' });
		},
	);

	it('that finds several does not guess, and says how many', async () => {
		const other = createJob({ id: 'another1', inputs: { ...BODY } });
		http.on('POST', HISTORY_URL, createHistory(FITTING, other));
		const failure = await jobErrorOf(submit());
		expect(failure.details.may_exist).toBe(true);
		expect(failure.advice).toContain('2 jobs');
	});

	it('does not count a job twice that is on two pages', async () => {
		const strangers = Array.from({ length: 99 }, (_none, index) =>
			createJob({ id: `stranger${index}`, inputs: { ...BODY, image: 'https://a.b/other' } }),
		);
		http.on('POST', HISTORY_URL, createHistory(...strangers, FITTING), createHistory(FITTING));
		expect(await submit()).toMatchObject({ id: JOB });
	});

	it('does not take a job that belongs to another item', async () => {
		state.jobs['other.item'] = { state: 'submitted', id: JOB };
		const own = createJob({ id: 'own-job', inputs: { ...BODY } });
		http.on('POST', HISTORY_URL, createHistory(FITTING), createHistory(FITTING, own));
		expect(await submit()).toMatchObject({ id: 'own-job' });
	});

	it('does not take a job that an earlier try of another item saw fail', async () => {
		state.jobs['other.item'] = { state: 'failed', id: JOB };
		http.always('POST', HISTORY_URL, createHistory(FITTING));
		expect((await jobErrorOf(submit())).details.may_exist).toBe(true);
	});

	it('goes by the clock of the service, as its answers tell it', async () => {
		// This machine is an hour ahead; the first answer of all says so.
		const date = 'Wed, 31 Dec 2025 23:00:00 GMT';
		const early = createJob({ created_at: '2025-12-31T23:00:00Z', inputs: { ...BODY } });
		const items = createSuccess({ items: [] }, { date });
		http.on('POST', HISTORY_URL, items, createHistory(early));
		expect(await submit()).toMatchObject({ origin: 'recovered' });
		expect(JSON.parse(http.to('POST', HISTORY_URL)[1]!.text)).toMatchObject({
			created_after: expect.stringMatching(/^2025-12-31T22:59:/),
		});
	});

	it('does not take an old job that the server lists all the same', async () => {
		const created_at = new Date(START - 60 * MINUTE).toISOString();
		const old = createJob({ id: 'yesterday', created_at, inputs: { ...BODY } });
		http.on('POST', HISTORY_URL, createHistory(old), createHistory(FITTING, old));
		expect(await submit()).toMatchObject({ id: JOB });
	});

	it('does not take a job of another model that the server lists all the same', async () => {
		const model = 'wavespeed-ai/infinitetalk/multi';
		http.always('POST', HISTORY_URL, createHistory({ ...FITTING, model }));
		expect((await jobErrorOf(submit())).details.may_exist).toBe(true);
	});

	it('goes through at most five full pages', async () => {
		const full = createHistory(...Array.from({ length: 100 }, () => ({})));
		http.always('POST', HISTORY_URL, full);
		await jobErrorOf(submit());
		const pages = http.to('POST', HISTORY_URL).map(({ text }) => Number(JSON.parse(text).page));
		expect(pages.slice(0, 6)).toEqual([1, 2, 3, 4, 5, 1]);
	});

	it('is told with time and the ways on, without an address', async () => {
		http.always('POST', HISTORY_URL, createHistory());
		const image = 'https://files.example/dir/pair.png?sig=secret#x';
		const failure = await jobErrorOf(submit({ body: createBody({ image }) }));
		expect(failure.message).toMatch(/response.*was lost, and a job may exist: .*lost$/);
		expect(failure.advice).toMatch(/2026-01-01T00:00:00\.000Z.*Get Result/);
		expect(`${failure.message} ${failure.advice}`).not.toContain('secret');
	});

	it('ends with the execution', async () => {
		http.on('POST', HISTORY_URL, new CancelledError());
		await expect(submit()).rejects.toBeInstanceOf(CancelledError);
		expect(record()).toMatchObject({ state: 'submitting' });
	});
});

describe('a refusal that certainly made no job', () => {
	it.each([
		['HTTP 400', createRefusal(400, 'seed is wrong'), 'seed is wrong'],
		['HTTP 401', createRefusal(401, 'Unauthorized'), 'Unauthorized'],
		['HTTP 402', createRefusal(402, 'Pay'), 'Pay'],
		['HTTP 403', createRefusal(403, 'Suspended'), 'Suspended'],
		['HTTP 404', createRefusal(404, 'No such model'), 'No such model'],
		['the code 400', createResponse(200, { code: 400, message: 'bad' }), 'bad'],
		['lack of credit', createRefusal(500, 'Insufficient credits'), 'Insufficient credits'],
		['a refused connection', createUnreachable(), 'the connection was refused'],
	])('%s is told at once, forgotten, and not looked up', async (_what, reply, sentence) => {
		http.on('POST', MODEL_URL, reply);
		const failure = await jobErrorOf(submit());
		expect(failure.message).toContain(sentence);
		expect(failure.advice).not.toBe('');
		expect(failure.details).toMatchObject({ step: 'submit' });
		expect(failure.details).not.toHaveProperty('may_exist');
		expect(record()).toBeUndefined();
		expect(clock.sleeps).toEqual([]);
	});
});

describe('an error that is neither answer nor silence', () => {
	it('leaves the record, since nobody knows what happened', async () => {
		const bug = new TypeError('bug');
		http.on('POST', MODEL_URL, bug);
		await expect(submit()).rejects.toBe(bug);
		expect(record()).toMatchObject({ state: 'submitting' });
	});

	it('removes it when the execution was stopped before the request left', async () => {
		http.on('POST', MODEL_URL, new CancelledError());
		await expect(submit()).rejects.toBeInstanceOf(CancelledError);
		expect(record()).toBeUndefined();
	});
});

describe('too many requests', () => {
	const busy = createRefusal(429, 'Too many requests');
	/** What the history shows: nothing, unless a test adds jobs. */
	let shown: object[] = [];

	beforeEach(() => {
		shown = [];
	});

	const onHistory = () => http.always('POST', HISTORY_URL, () => createHistory(...shown));

	it('that have created a job all the same are not repeated', async () => {
		onHistory();
		http.on('POST', MODEL_URL, () => {
			shown = [FITTING];
			return busy;
		});
		expect(await submit()).toMatchObject({ id: JOB, origin: 'recovered' });
		expect(record()).toEqual({ state: 'submitted', id: JOB, recovered: true });
	});

	it('are not repeated when another job is there by then', async () => {
		onHistory();
		http.on('POST', MODEL_URL, busy);
		const other = { id: 'other', origin: 'reused' as const };
		const looks: number[] = [];
		const look = async () => {
			looks.push(http.to('POST', MODEL_URL).length);
			return await Promise.resolve(looks.length > 1 ? other : undefined);
		};
		expect(await submit({ look })).toEqual(other);
		expect(looks).toEqual([0, 1]);
		expect(record()).toBeUndefined();
	});

	it('are repeated where the history cannot be read, and a hint says so', async () => {
		const hints: string[] = [];
		http.on('POST', MODEL_URL, busy, createSuccess(createJob()));
		http.on('POST', HISTORY_URL, createRefusal(403, 'No history for you'));
		const by = createSubmissions((hint) => hints.push(hint));
		expect(await by.submit(createSubmission())).toMatchObject({ origin: 'submitted' });
		expect(hints).toEqual([expect.stringContaining('No history for you')]);
	});

	it('are waited out, and the job is sent again', async () => {
		onHistory();
		http.on('POST', MODEL_URL, busy, busy, createSuccess(createJob()));
		expect(await submit()).toMatchObject({ origin: 'submitted' });
		expect(clock.elapsed).toBeGreaterThanOrEqual(4_000 + 8_000);
		expect(clock.elapsed).toBeLessThanOrEqual(10_000 + 20_000);
	});

	it('are waited out for as long as the server asks', async () => {
		onHistory();
		const asking = createRefusal(429, 'Too many', { 'retry-after': '60' });
		http.on('POST', MODEL_URL, asking, createSuccess(createJob()));
		await submit();
		expect(clock.elapsed).toBe(MINUTE);
	});

	it('are waited out also under HTTP 200', async () => {
		onHistory();
		const under200 = createResponse(200, { code: 429, message: 'Too many' });
		http.on('POST', MODEL_URL, under200, createSuccess(createJob()));
		expect(await submit()).toMatchObject({ origin: 'submitted' });
	});

	it('fail the item when the wait would pass the deadline, without waiting', async () => {
		const asking = createRefusal(429, 'Too many', { 'retry-after': '3600' });
		http.on('POST', MODEL_URL, asking);
		const failure = await jobErrorOf(submit());
		expect(failure.details).toEqual({ step: 'submit', http_status: 429 });
		expect(clock.elapsed).toBe(0);
		expect(record()).toBeUndefined();
	});

	it('that never end fail the item within its deadline', async () => {
		onHistory();
		http.always('POST', MODEL_URL, busy);
		await jobErrorOf(submit({ deadline: START + 10 * MINUTE }));
		expect(clock.elapsed).toBeLessThanOrEqual(10 * MINUTE);
		expect(record()).toBeUndefined();
	});

	it('leave no record while they are waited out', async () => {
		onHistory();
		http.on('POST', MODEL_URL, busy, createSuccess(createJob()));
		const running = submit();
		await clock.until(2_000);
		expect(record()).toBeUndefined();
		await running;
	});

	it('hold back the other items as well, and none starves', async () => {
		onHistory();
		// Two a minute, as the lowest account level has it.
		const taken: number[] = [];
		http.always('POST', MODEL_URL, ({ text }) => {
			const recent = taken.filter((time) => time > clock.now() - MINUTE);
			if (recent.length >= 2) {
				const seconds = Math.ceil((recent[0]! + MINUTE - clock.now()) / 1000);
				return createRefusal(429, 'Too many', { 'retry-after': String(seconds) });
			}
			taken.push(clock.now());
			return createSuccess(createJob({ id: `job-${(JSON.parse(text) as { seed: number }).seed}` }));
		});
		const items = Array.from({ length: 20 }, (_none, seed) => seed);
		const results = await Promise.all(items.map(async (seed) => await submitSeed(seed)));
		expect(results.map(({ id }) => id)).toEqual(items.map((seed) => `job-${seed}`));
		expect(taken).toHaveLength(20);
		expect(clock.elapsed).toBeLessThanOrEqual(11 * MINUTE);
		// Few refusals: those held back do not knock in the meantime.
		expect(http.to('POST', MODEL_URL).length).toBeLessThanOrEqual(20 + 10 * 5);
	});

	it('for one item keep an item that comes later from knocking in the meantime', async () => {
		onHistory();
		const sentAt: number[] = [];
		http.always('POST', MODEL_URL, () => {
			sentAt.push(clock.elapsed);
			if (sentAt.length > 1) return createSuccess(createJob({ id: `job-${sentAt.length}` }));
			return createRefusal(429, 'Too many', { 'retry-after': '60' });
		});
		const first = submitSeed(1);
		await clock.until(10_000);
		const second = submitSeed(2);
		await Promise.all([first, second]);
		expect(sentAt).toEqual([0, MINUTE, MINUTE]);
	});

	it('for one item fail another whose own deadline comes first, unsent', async () => {
		onHistory();
		http.on(
			'POST',
			MODEL_URL,
			createRefusal(429, 'Too many', { 'retry-after': '60' }),
			createSuccess(createJob()),
		);
		const patient = submitSeed(1);
		await clock.until(10_000);
		const failure = await jobErrorOf(submitSeed(2, { deadline: START + 30_000 }));
		expect(failure.details).toEqual({ step: 'submit', http_status: 429 });
		expect(clock.elapsed).toBe(10_000);
		await patient;
		expect(http.to('POST', MODEL_URL)).toHaveLength(2);
		expect(record('0.2.x')).toBeUndefined();
	});

	it('do not turn into a second job when the repetition is lost', async () => {
		http.on('POST', MODEL_URL, busy, () => {
			shown = [FITTING];
			return createReset();
		});
		onHistory();
		expect(await submit()).toMatchObject({ origin: 'recovered' });
		expect(http.to('POST', MODEL_URL)).toHaveLength(2);
	});
});

describe('resuming', () => {
	it('finds nothing for an item that was never submitted', async () => {
		expect(await resume()).toBeUndefined();
	});

	it('finds nothing for a job that failed: it was refunded and may be sent anew', async () => {
		state.jobs[KEY] = { state: 'failed', id: JOB };
		expect(await resume()).toBeUndefined();
	});

	it('gives a submitted job without asking anybody', async () => {
		state.jobs[KEY] = { state: 'submitted', id: JOB };
		expect(await resume()).toEqual({ id: JOB, origin: 'resumed' });
		const reusedFrom = '2026-01-01T00:00:00Z';
		state.jobs[KEY] = { state: 'submitted', id: JOB, reusedFrom };
		const reused = { id: JOB, origin: 'reused', reusedFrom };
		expect(await resume()).toEqual(reused);
	});

	it('gives an adopted job as adopted', async () => {
		state.jobs[KEY] = { state: 'submitted', id: JOB, recovered: true };
		expect(await resume()).toEqual({ id: JOB, origin: 'recovered' });
	});

	it('looks for a job whose answer was lost, by what was written down', async () => {
		state.jobs[KEY] = { ...UNCONFIRMED, since: START - 60 * MINUTE };
		http.on('POST', HISTORY_URL, createHistory(FITTING));
		expect(await resume()).toMatchObject({
			id: JOB,
			origin: 'recovered',
		});
		expect(JSON.parse(http.requests[0]!.text)).toMatchObject({
			created_after: new Date(START - 60 * MINUTE - 30_000).toISOString(),
		});
		expect(record()).toEqual({ state: 'submitted', id: JOB, recovered: true });
	});

	it('never sends a job whose answer was lost and that is not found', async () => {
		state.jobs[KEY] = UNCONFIRMED;
		http.always('POST', HISTORY_URL, createHistory());
		const failure = await jobErrorOf(resume());
		expect(failure.details.may_exist).toBe(true);
		expect(failure.advice).toContain('does not submit the item again');
		expect(record()).toMatchObject({ state: 'submitting' });
	});
});

describe('an item behind an equal one', () => {
	it('waits until its own deadline, and is not sent then', async () => {
		http.on('POST', MODEL_URL, async () => {
			await clock.until(5 * MINUTE);
			return createSuccess(createJob());
		});
		const first = submit();
		const failure = await jobErrorOf(submit({ key: 'b', deadline: START + 6_000 }));
		expect(failure.message).toContain('Timeout passed while this item waited');
		expect(clock.elapsed).toBe(6_000);
		await first;
		expect(http.requests).toHaveLength(1);
	});
});

describe('several items', () => {
	it('with equal bodies are sent one after the other, each its own job', async () => {
		let made = 0;
		http.always('POST', MODEL_URL, async () => {
			await clock.until(1_000);
			return createSuccess(createJob({ id: `job-${++made}` }));
		});
		const ids = await Promise.all(['a', 'b', 'c'].map(async (key) => (await submit({ key })).id));
		expect(ids).toEqual(['job-1', 'job-2', 'job-3']);
		expect(http.mostAtOnce).toBe(1);
	});

	it('with equal bodies, all answers lost, adopt one job each', async () => {
		const jobs: object[] = [];
		http.on(
			'POST',
			MODEL_URL,
			...Array(3).fill(() => {
				jobs.push(createJob({ id: `job-${jobs.length + 1}`, inputs: { ...BODY } }));
				return createReset();
			}),
		);
		http.always('POST', HISTORY_URL, () => createHistory(...jobs));
		const results = await Promise.all(['a', 'b', 'c'].map(async (key) => await submit({ key })));
		expect(results.map(({ id }) => id)).toEqual(['job-1', 'job-2', 'job-3']);
		expect(http.to('POST', MODEL_URL)).toHaveLength(3);
	});

	it('with different bodies are sent together, four at most', async () => {
		http.always('POST', MODEL_URL, async ({ text }) => {
			await clock.until(1_000);
			return createSuccess(createJob({ id: `job-${(JSON.parse(text) as { seed: number }).seed}` }));
		});
		const seeds = Array.from({ length: 9 }, (_none, seed) => seed);
		await Promise.all(seeds.map(async (seed) => await submitSeed(seed)));
		expect(http.mostAtOnce).toBe(4);
		expect(clock.elapsed).toBe(3_000);
	});

	it('that differ in the seed only are sent one after the other: one may be taken for the other', async () => {
		const other = createJob({ id: 'job-of-seed-5', inputs: { ...createBody({ seed: 5 }) } });
		http.on('POST', MODEL_URL, createReset(), createSuccess(other));
		http.always('POST', HISTORY_URL, () =>
			http.to('POST', MODEL_URL).length > 1 ? createHistory(other) : createHistory(),
		);
		const [lost, good] = await Promise.allSettled([
			submit({ key: 'a', body: createBody({ seed: -1 }) }),
			submit({ key: 'b', body: createBody({ seed: 5 }) }),
		]);
		expect(lost?.status).toBe('rejected');
		expect(good).toMatchObject({ status: 'fulfilled', value: { id: 'job-of-seed-5' } });
	});

	it('do not fail with one of them', async () => {
		http.always('POST', MODEL_URL, ({ text }) => {
			const { seed } = JSON.parse(text) as { seed: number };
			if (seed === 1) return createRefusal(400, 'bad seed');
			return createSuccess(createJob({ id: `job-${seed}` }));
		});
		const [bad, good] = await Promise.allSettled(
			[1, 2].map(async (seed) => await submitSeed(seed)),
		);
		expect(bad?.status).toBe('rejected');
		expect(good).toMatchObject({ status: 'fulfilled', value: { id: 'job-2' } });
	});
});
