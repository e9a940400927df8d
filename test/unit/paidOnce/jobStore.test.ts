import { describe, expect, it } from '@jest/globals';
import { JobStore, jobKey } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import {
	type StoredState,
	openState,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { createBody } from '../support/api';
import { START, VirtualClock } from '../support/clock';

const ACCOUNT = 'https://api.wavespeed.ai 7';
const IDENTITY = { accountId: ACCOUNT, inputsDigest: 'inputs', seed: -1 };
const DAY = 24 * 60 * 60 * 1000;
const BUSY = { message: 'Busy', advice: 'Run again.', details: { step: 'result' } } as const;

function createStore(container: { state?: unknown } = {}, account = ACCOUNT) {
	const clock = new VirtualClock();
	const state = openState(container);
	return { state, clock, jobStore: new JobStore(state, clock.now, account) };
}

/** What n8n does with the context between two tries: it goes through JSON. */
function throughStorage(state: StoredState): { state: unknown } {
	return JSON.parse(JSON.stringify({ state })) as { state: unknown };
}

describe('the name of a record', () => {
	const name = jobKey(0, 0, ['account', 'print', -1]);

	it('is the same for the same item at another time', () => {
		expect(jobKey(0, 0, ['account', 'print', -1])).toBe(name);
	});

	it.each([
		['run of the node', jobKey(1, 0, ['account', 'print', -1])],
		['item', jobKey(0, 1, ['account', 'print', -1])],
		['account', jobKey(0, 0, ['other', 'print', -1])],
		['inputs', jobKey(0, 0, ['account', 'other', -1])],
		['seed', jobKey(0, 0, ['account', 'print', 0])],
		['kind of a value', jobKey(0, 0, ['account', 'print', '-1'])],
	])('differs with the %s', (_what, other) => {
		expect(other).not.toBe(name);
	});

	it('tells run 1, item 11 from run 11, item 1, and where one value ends', () => {
		expect(jobKey(1, 11, ['x'])).not.toBe(jobKey(11, 1, ['x']));
		expect(jobKey(0, 0, ['a', 'bc'])).not.toBe(jobKey(0, 0, ['ab', 'c']));
	});

	it('holds no input in the clear', () => {
		expect(jobKey(0, 0, ['https://a.example/x', 'secret plan'])).not.toMatch(/secret|example/);
	});
});

describe('a job', () => {
	it('is written into what n8n keeps, at once, and read back by the next try', () => {
		const { state, jobStore } = createStore();
		jobStore.writeJob('a', {
			state: 'submitting',
			identity: IDENTITY,
			body: createBody(),
			since: START,
		});
		jobStore.writeJob('b', { state: 'submitted', id: 'job-b' });
		jobStore.writeJob('c', { state: 'failed', id: 'job-c' });
		const { jobStore: next } = createStore(throughStorage(state));
		expect(next.job('a')).toEqual({
			state: 'submitting',
			identity: IDENTITY,
			body: createBody(),
			since: START,
		});
		expect(next.job('b')).toEqual({ state: 'submitted', id: 'job-b' });
		expect(next.job('c')).toEqual({ state: 'failed', id: 'job-c' });
		expect(next.job('d')).toBeUndefined();
	});

	it('that certainly was not made is deleted, and the others are not', () => {
		const { jobStore } = createStore();
		jobStore.writeJob('a', {
			state: 'submitting',
			identity: IDENTITY,
			body: createBody(),
			since: START,
		});
		jobStore.writeJob('b', { state: 'submitted', id: 'job-b' });
		jobStore.deleteJob('a');
		jobStore.deleteJob('never there');
		expect(jobStore.job('a')).toBeUndefined();
		expect(jobStore.job('b')).toBeDefined();
	});

	it('that may exist is found by account, inputs and seed', () => {
		const { jobStore } = createStore();
		const record = { identity: IDENTITY, body: createBody(), since: START };
		jobStore.writeJob('a', { state: 'submitting', ...record });
		expect(jobStore.unconfirmedJob(IDENTITY)).toMatchObject(record);
		const others = [{ accountId: 'other' }, { inputsDigest: 'other' }, { seed: 7 }];
		for (const other of others) {
			expect(jobStore.unconfirmedJob({ ...IDENTITY, ...other })).toBeUndefined();
		}
	});

	it('of any known ID belongs to some item, failed ones too', () => {
		const { jobStore } = createStore();
		expect(jobStore.knownIds()).toEqual(new Set());
		jobStore.writeJob('a', {
			state: 'submitting',
			identity: IDENTITY,
			body: createBody(),
			since: START,
		});
		jobStore.writeJob('b', { state: 'submitted', id: 'job-b' });
		jobStore.writeJob('c', { state: 'failed', id: 'job-c' });
		expect(jobStore.knownIds()).toEqual(new Set(['job-b', 'job-c']));
	});
});

describe('the submissions of an item', () => {
	it('are counted through storage, each item by itself', () => {
		const { state, jobStore } = createStore();
		jobStore.countSubmission('0.0', '7');
		jobStore.countSubmission('0.0', '7');
		jobStore.countSubmission('0.1', '7');
		const { jobStore: next } = createStore(throughStorage(state));
		expect(next.submissions('0.0', '7').count).toBe(2);
		expect(next.submissions('0.1', '7').count).toBe(1);
		expect(next.submissions('1.0', '7').count).toBe(0);
	});

	it('are counted anew in another execution, such as a retry', () => {
		const { jobStore } = createStore();
		jobStore.countSubmission('0.0', '7');
		jobStore.writeLastError('0.0', '7', BUSY);
		expect(jobStore.submissions('0.0', '8')).toEqual({ count: 0 });
		jobStore.countSubmission('0.0', '8');
		expect(jobStore.submissions('0.0', '8')).toEqual({ executionId: '8', count: 1 });
	});

	it('keep why the last of them failed, until there is another', () => {
		const { jobStore } = createStore();
		jobStore.countSubmission('0.0', '7');
		jobStore.writeLastError('0.0', '7', BUSY);
		expect(jobStore.submissions('0.0', '7')).toMatchObject({ count: 1, lastError: BUSY });
		jobStore.countSubmission('0.0', '7');
		expect(jobStore.submissions('0.0', '7')).toEqual({ executionId: '7', count: 2 });
	});

	it('get no reason of a job that this execution did not submit', () => {
		const { state, jobStore } = createStore();
		jobStore.writeLastError('0.0', '7', BUSY);
		expect(state.submissions).toEqual({});
	});
});

describe('an upload', () => {
	it('is used again by the next try', () => {
		const { state, jobStore } = createStore();
		jobStore.writeUpload('digest', 'https://f/1');
		expect(createStore(throughStorage(state)).jobStore.upload('digest')).toBe('https://f/1');
		expect(jobStore.upload('other')).toBeUndefined();
	});

	it('is not used with another account, which cannot read it', () => {
		const { state, jobStore } = createStore();
		jobStore.writeUpload('digest', 'https://f/1');
		const { jobStore: other } = createStore({ state }, 'https://api.wavespeed.ai 8');
		expect(other.upload('digest')).toBeUndefined();
	});

	it('is used again for six days, since WaveSpeed deletes it after seven', async () => {
		const { clock, jobStore } = createStore();
		jobStore.writeUpload('digest', 'https://f/1');
		await clock.until(6 * DAY - 1);
		expect(jobStore.upload('digest')).toBe('https://f/1');
		await clock.until(1);
		expect(jobStore.upload('digest')).toBeUndefined();
	});
});
