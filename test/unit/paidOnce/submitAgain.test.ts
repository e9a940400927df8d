/** When a job may be sent again: after a refusal for too many requests, and never after a lost response. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { NoResponseError, CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import {
	GATEWAY_PAGE,
	HISTORY_URL,
	JOB,
	MODEL_URL,
	createBody,
	createJob,
	createPage,
	createRefusal,
	createReset,
	createResponse,
	createSuccess,
} from '../support/api';
import { START } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { createUnconfirmed } from '../support/records';
import {
	BODY,
	FITTING,
	KEY,
	MINUTE,
	clock,
	notes,
	http,
	record,
	resume,
	state,
	submit,
	submitSeed,
} from './support/submissions';

const RECOVERED = { state: 'submitted', id: JOB, recovered: true };
const sent = () => http.to('POST', MODEL_URL).length;

it.each([
	['a reset', createReset()],
	['a timeout', new NoResponseError('TIMEOUT', 'the request timed out')],
	['HTTP 408', createRefusal(408, 'Request Timeout')],
	['HTTP 500', createRefusal(500, 'Internal error')],
	['HTTP 502 with a page', createResponse(502, GATEWAY_PAGE)],
	['HTTP 200 with a page', createResponse(200, GATEWAY_PAGE)],
	['HTTP 200 with half a body', createResponse(200, '{"code":200,"data":{"id":"e68')],
	['a success without ID', createSuccess(createJob({ id: '' }))],
])('after %s a job is looked for, also by the next try, and never sent again', async (_, reply) => {
	http.on('POST', MODEL_URL, reply, reply);
	http.on('POST', HISTORY_URL, createPage([FITTING]));
	expect(await submit()).toMatchObject({ id: JOB, origin: 'recovered' });
	expect([record(), sent()]).toEqual([RECOVERED, 1]);

	delete state.jobs[KEY];
	http.on('POST', HISTORY_URL, ...Array(6).fill(createPage([])));
	const failure = await jobErrorOf(submit());
	expect(failure.details).toEqual({ step: 'submit', may_exist: true });
	expect(failure.advice).toMatch(
		/^The history does not show such a job yet\. .* run the workflow again/,
	);
	expect(record()).toMatchObject({ state: 'submitting' });
	http.on('POST', HISTORY_URL, createPage([FITTING]));
	expect(await resume()).toMatchObject({ id: JOB, origin: 'recovered' });
	expect([record(), sent()]).toEqual([RECOVERED, 2]);
});

describe('a job whose response was lost', () => {
	beforeEach(() => {
		state.jobs[KEY] = createUnconfirmed();
	});

	it('is not sent when it is not found: the error names the time and the ways on, no address', async () => {
		const image = 'https://files.example/dir/pair.png?sig=secret#x';
		state.jobs[KEY] = createUnconfirmed({ body: createBody({ image }) });
		http.always('POST', HISTORY_URL, createPage([]));
		const { message, advice, details } = await jobErrorOf(resume());
		expect(details.may_exist).toBe(true);
		expect(message).toMatch(/response.*was lost, and a job may exist: an earlier submission of it/);
		expect(advice).toMatch(/2026-01-01T00:00:00\.000Z.*Get Result.*does not submit the item again/);
		expect(`${message} ${advice}`).not.toContain('secret');
		expect(record()).toMatchObject({ state: 'submitting' });
	});

	it.each([
		['that is refused', createRefusal(403, 'No history'), 'could not be read (No history)'],
		[
			'of several such jobs',
			createPage([FITTING, createJob({ id: 'other', inputs: BODY })]),
			'2 jobs',
		],
	])('may exist after a look at a history %s', async (_what, reply, words) => {
		http.on('POST', HISTORY_URL, reply);
		const { advice, details } = await jobErrorOf(resume());
		expect(details).toMatchObject({ step: 'submit', may_exist: true });
		expect(advice).toContain(words);
		expect(record()).toMatchObject({ state: 'submitting' });
	});

	it('is looked for no longer than the execution runs', async () => {
		http.on('POST', HISTORY_URL, new CancelledError());
		await expect(resume()).rejects.toBeInstanceOf(CancelledError);
		expect(record()).toMatchObject({ state: 'submitting' });
	});
});

describe('too many requests', () => {
	const busy = createRefusal(429, 'Too many requests');
	const busyForAMinute = createRefusal(429, 'Too many', { 'retry-after': '60' });
	/** What the history shows: nothing, unless a test adds jobs. */
	let shown: object[] = [];

	beforeEach(() => {
		shown = [];
	});

	const onHistory = () => http.always('POST', HISTORY_URL, () => createPage(shown));

	it.each([
		['that have created a job all the same are not repeated', busy],
		['do not turn into a second job when the repetition is lost', createReset()],
	])('%s', async (_what, last) => {
		onHistory();
		if (last !== busy) http.on('POST', MODEL_URL, busy);
		http.on('POST', MODEL_URL, () => {
			shown = [FITTING];
			return last;
		});
		expect(await submit()).toMatchObject({ id: JOB, origin: 'recovered' });
		expect(record()).toEqual(RECOVERED);
	});

	it('are not repeated when another job is there by then', async () => {
		onHistory();
		http.on('POST', MODEL_URL, busy);
		const other = { id: 'other', origin: 'reused' as const };
		const look = async () => await Promise.resolve(sent() > 0 ? other : undefined);
		expect(await submit({ look })).toEqual(other);
		expect(record()).toBeUndefined();
	});

	it('are repeated where the history cannot be read, and a hint says so', async () => {
		http.on('POST', MODEL_URL, busy, createSuccess(createJob()));
		http.on('POST', HISTORY_URL, createRefusal(403, 'No history for you'));
		expect(await submit()).toMatchObject({ origin: 'submitted' });
		expect([...notes]).toEqual([expect.stringContaining('No history for you')]);
	});

	it('are waited out longer each time, also under HTTP 200, and leave no record meanwhile', async () => {
		onHistory();
		const under200 = createResponse(200, { code: 429, message: 'Too many' });
		http.on('POST', MODEL_URL, busy, under200, createSuccess(createJob()));
		const running = submit();
		await clock.until(2_000);
		expect(record()).toBeUndefined();
		expect(await running).toMatchObject({ origin: 'submitted' });
		expect(clock.elapsed).toBe(10_000 + 20_000);
	});

	it('fail the item when the wait would pass the deadline, without waiting', async () => {
		http.on('POST', MODEL_URL, busyForAMinute);
		const failure = await jobErrorOf(submit({ deadline: START + MINUTE }));
		expect(failure.details).toEqual({ step: 'submit', http_status: 429 });
		expect(clock.elapsed).toBe(0);
		expect(record()).toBeUndefined();
	});

	it('for one item keep an item that comes later from knocking in the meantime', async () => {
		onHistory();
		const sentAt: number[] = [];
		http.always('POST', MODEL_URL, () => {
			sentAt.push(clock.elapsed);
			if (sentAt.length === 1) return busyForAMinute;
			return createSuccess(createJob({ id: `job-${sentAt.length}` }));
		});
		const first = submitSeed(1);
		await clock.until(10_000);
		await Promise.all([first, submitSeed(2)]);
		expect(sentAt).toEqual([0, MINUTE, MINUTE]);
	});
});
