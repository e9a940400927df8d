import { expect, it } from '@jest/globals';
import { JobStore, jobKey } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { VirtualClock } from '../support/clock';
import { fresh } from '../support/fresh';
import { createIdentity, createUnconfirmed } from '../support/records';

const DAY = 24 * 60 * 60 * 1000;
const BUSY = { message: 'Busy', advice: 'Run again.', details: { step: 'result' } } as const;

const clock = fresh(() => new VirtualClock());
const container = fresh((): { state?: unknown } => ({}));
const store = fresh(() => new JobStore(openState(container), clock.now, 'account'));

/** The store of the next try: between two of them, n8n sends the state through JSON. */
function nextTry(account = 'account'): JobStore {
	const stored = JSON.parse(JSON.stringify({ state: container.state })) as { state: unknown };
	return new JobStore(openState(stored), clock.now, account);
}

const INPUTS = ['account', 'print', -1];
const name = jobKey(1, 11, INPUTS);

it('the name of a record is the same for the same item at another time, and holds no input in the clear', () => {
	expect(jobKey(1, 11, [...INPUTS])).toBe(name);
	expect(name).not.toContain('print');
});

it.each([
	['run and item, whose digits are the same', jobKey(11, 1, INPUTS)],
	['seed', jobKey(1, 11, ['account', 'print', 0])],
	['place where one value ends', jobKey(1, 11, ['accountp', 'rint', -1])],
])('the name of a record differs with the %s', (_what, other) => {
	expect(other).not.toBe(name);
});

it('a job that may exist is found by account, inputs and seed', () => {
	store.writeJob('b', { state: 'submitted', id: 'job-b' });
	store.writeJob('a', createUnconfirmed());
	expect(store.unconfirmedJob(createIdentity())).toEqual(createUnconfirmed());
	for (const other of [{ accountId: 'other' }, { inputsDigest: 'other' }, { seed: 7 }]) {
		expect(store.unconfirmedJob(createIdentity(other))).toBeUndefined();
	}
});

it('the submissions of an item are counted by execution, with why the last of them failed', () => {
	// Of a job that this execution did not submit.
	store.writeLastError('0.0', '7', BUSY);
	expect(store.submissions('0.0', '7')).toEqual({ count: 0 });
	store.countSubmission('0.0', '7');
	store.writeLastError('0.0', '7', BUSY);
	expect(nextTry().submissions('0.0', '7')).toMatchObject({ count: 1, lastError: BUSY });
	expect(store.submissions('0.0', '8')).toEqual({ count: 0 });
	store.countSubmission('0.0', '7');
	expect(store.submissions('0.0', '7')).toEqual({ executionId: '7', count: 2 });
});

// WaveSpeed deletes it after seven days, and another account cannot read it.
it('an upload is used again for six days by the next try, but not with another account', async () => {
	store.writeUpload('digest', 'https://f/1');
	await clock.until(6 * DAY - 1);
	expect(nextTry().upload('digest')).toBe('https://f/1');
	expect(nextTry().upload('other')).toBeUndefined();
	expect(nextTry('another account').upload('digest')).toBeUndefined();
	await clock.until(1);
	expect(store.upload('digest')).toBeUndefined();
});
