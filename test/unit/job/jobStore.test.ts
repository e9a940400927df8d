import { describe, expect, test } from '@jest/globals';
import type { StoredJobs } from '../../../nodes/WaveSpeedInfiniteTalk/job/jobStore';
import { JobStore, jobKey } from '../../../nodes/WaveSpeedInfiniteTalk/job/jobStore';
import { createBody } from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { createChecked, createVoice } from '../support/job';

const PLACE = { runIndex: 0, itemIndex: 0, account: 'https://api.wavespeed.ai 7' };
const DAY = 24 * 60 * 60 * 1000;

function createLedger(store: StoredJobs = {}) {
	const clock = new VirtualClock();
	return { store, clock, ledger: new JobStore(store, clock.now) };
}

/** What n8n does with the context between two tries: it goes through JSON. */
function throughStorage(store: StoredJobs): StoredJobs {
	return JSON.parse(JSON.stringify(store)) as StoredJobs;
}

describe('the name of a job', () => {
	const name = jobKey(PLACE, createChecked());
	const file = { file: createVoice(), type: 'audio/wav', headDigest: 'x' };
	const { media } = createChecked();

	test('is the same for the same item at another time', () => {
		expect(jobKey({ ...PLACE }, createChecked())).toBe(name);
	});

	test.each([
		['run of the node', { ...PLACE, runIndex: 1 }, createChecked()],
		['item', { ...PLACE, itemIndex: 1 }, createChecked()],
		['account', { ...PLACE, account: 'https://api.wavespeed.ai 8' }, createChecked()],
		['order', PLACE, createChecked({ order: 'left_right' })],
		['prompt', PLACE, createChecked({ prompt: 'x' })],
		['seed', PLACE, createChecked({ seed: 0 })],
		['image', PLACE, createChecked({ media: { ...media, image: { url: 'https://a.b/c' } } })],
		['voice', PLACE, createChecked({ media: { ...media, leftAudio: file } })],
		[
			'side of the voices',
			PLACE,
			createChecked({
				media: { ...media, leftAudio: media.rightAudio, rightAudio: media.leftAudio },
			}),
		],
	])('differs with the %s', (_what, place, request) => {
		expect(jobKey(place, request)).not.toBe(name);
	});

	test('tells run 1, item 11 from run 11, item 1', () => {
		const one = jobKey({ ...PLACE, runIndex: 1, itemIndex: 11 }, createChecked());
		const other = jobKey({ ...PLACE, runIndex: 11, itemIndex: 1 }, createChecked());
		expect(one).not.toBe(other);
	});

	test('goes by the identity of a file, not by its name', () => {
		const named = (name_: string, identity: string) =>
			createChecked({
				media: { ...media, leftAudio: { ...file, file: createVoice({ name: name_, identity }) } },
			});
		expect(jobKey(PLACE, named('a', '1'))).toBe(jobKey(PLACE, named('b', '1')));
		expect(jobKey(PLACE, named('a', '1'))).not.toBe(jobKey(PLACE, named('a', '2')));
	});

	test('holds neither addresses nor prompt in the clear', () => {
		const key = jobKey(PLACE, createChecked({ prompt: 'secret plan' }));
		expect(key).not.toMatch(/secret|example|wavespeed/);
	});
});

describe('a job', () => {
	test('is written into what n8n keeps, at once, and read back by the next try', () => {
		const { store, ledger } = createLedger();
		ledger.writeJob('a', { state: 'submitting', body: createBody(), since: START });
		ledger.writeJob('b', { state: 'submitted', id: 'job-b' });
		ledger.writeJob('c', { state: 'failed', id: 'job-c' });
		const { ledger: next } = createLedger(throughStorage(store));
		expect(next.job('a')).toEqual({ state: 'submitting', body: createBody(), since: START });
		expect(next.job('b')).toEqual({ state: 'submitted', id: 'job-b' });
		expect(next.job('c')).toEqual({ state: 'failed', id: 'job-c' });
		expect(next.job('d')).toBeUndefined();
	});

	test('is written by assignment, which is what n8n notices', () => {
		const { store, ledger } = createLedger();
		ledger.writeJob('a', { state: 'submitted', id: 'job-a' });
		const before = store.jobs;
		ledger.writeJob('b', { state: 'submitted', id: 'job-b' });
		expect(store.jobs).not.toBe(before);
		expect(Object.keys(store.jobs ?? {})).toEqual(['a', 'b']);
	});

	test('that certainly was not made is forgotten, and the others are not', () => {
		const { ledger } = createLedger();
		ledger.writeJob('a', { state: 'submitting', body: createBody(), since: START });
		ledger.writeJob('b', { state: 'submitted', id: 'job-b' });
		ledger.deleteJob('a');
		ledger.deleteJob('never there');
		expect(ledger.job('a')).toBeUndefined();
		expect(ledger.job('b')).toBeDefined();
	});

	test('of any known ID belongs to some item, failed ones too', () => {
		const { ledger } = createLedger();
		expect(ledger.knownIds()).toEqual(new Set());
		ledger.writeJob('a', { state: 'submitting', body: createBody(), since: START });
		ledger.writeJob('b', { state: 'submitted', id: 'job-b' });
		ledger.writeJob('c', { state: 'failed', id: 'job-c' });
		expect(ledger.knownIds()).toEqual(new Set(['job-b', 'job-c']));
	});
});

describe('an upload', () => {
	test('is used again by the next try', () => {
		const { store, ledger } = createLedger();
		ledger.writeUpload('file', 'https://f/1');
		expect(createLedger(throughStorage(store)).ledger.upload('file')).toBe('https://f/1');
		expect(ledger.upload('other')).toBeUndefined();
	});

	test('is used again for six days, since WaveSpeed deletes it after seven', async () => {
		const { clock, ledger } = createLedger();
		ledger.writeUpload('file', 'https://f/1');
		await clock.until(6 * DAY - 1);
		expect(ledger.upload('file')).toBe('https://f/1');
		await clock.until(1);
		expect(ledger.upload('file')).toBeUndefined();
	});
});
