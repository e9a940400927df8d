/** What a round of a stored wait learns from the history: who has ended, and what a lost round has paid for. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { rememberJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import type { Proof, Verdict } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/proof';
import type { RoundStart } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/roundHistory';
import { RoundHistory } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/roundHistory';
import {
	HISTORY_URL,
	createBody,
	createJob,
	createPage,
	createPrediction,
	freshApi,
} from '../support/api';
import { START } from '../support/clock';
import { fresh } from '../support/fresh';
import { createIdentity, createQuery } from '../support/records';

const { client, clock, notes, http, jobStore } = freshApi();

const ROUND: RoundStart = { storedAt: START - 60_000, executionId: 'stored', isRepeated: false };

const verdicts = fresh(() => new Map<string, Verdict>());
const history = fresh(() => {
	const proof = {
		check: async ({ id }: { id: string }) =>
			await Promise.resolve(verdicts.get(id) ?? ({ is: 'equal' } as const)),
	} as unknown as Proof;
	const addNote = (note: string) => notes.push(note);
	return new RoundHistory(client, proof, jobStore, clock, 'own', addNote);
});

async function takeLost(key = '0.0.a') {
	const job = { query: createQuery(), identity: createIdentity(), files: {} };
	return await history.takeLost({ key, ...job, isShared: false }, true);
}

const take = async (key?: string) => (await takeLost(key))?.id;

/** A job that was created so long before the round was stored. */
function job(id: string, beforeMs = -30_000, more: Record<string, unknown> = {}) {
	const created_at = new Date(ROUND.storedAt - beforeMs).toISOString();
	return createJob({ id, created_at, inputs: createBody({ seed: 7 }), ...more });
}

function onPages(...pages: object[][]): void {
	http.on('POST', HISTORY_URL, ...pages.map((items) => createPage(items)));
}

/**
 * What an engine test does not reach; that a retry can go on later, that it fails while the history cannot be read, and that
 * one look shows many jobs, is proved in `test/engine/paid-once/rounds.test.ts`.
 */
describe('a job of a lost round', () => {
	beforeEach(() => history.begin(ROUND));

	it('is taken by one item each, and is a bill of this execution', async () => {
		onPages([job('first'), job('second')]);
		const taken = { id: 'first', webhookExecutionId: 'stored' };
		expect(await takeLost()).toMatchObject({ origin: 'recovered', ...taken });
		expect(jobStore.job('0.0.a')).toEqual({ state: 'submitted', recovered: true, ...taken });
		expect(await Promise.all([take('0.1.a'), take('0.2.a')])).toEqual(['second', undefined]);
	});

	it('is looked for on all pages since the round was stored', async () => {
		const many = Array.from({ length: 100 }, (_, index) => job(`new-${index}`, -50_000, OTHER));
		onPages(many, [job('lost'), ...many.slice(2), job('older', 60_000)]);
		expect(await take()).toBe('lost');
	});

	const OTHER = { inputs: createBody({ prompt: 'another' }) };

	it('is none that is older, has other inputs, or has failed', async () => {
		onPages([job('a', 10_000), job('b', 0, OTHER), job('c', 0, { status: 'failed' })]);
		expect(await take()).toBeUndefined();
	});

	it('is none of this execution that the state knows, and none of another one', async () => {
		jobStore.writeJob('0.9.a', { state: 'submitted', id: 'known' });
		for (const executionId of ['other', 'stored', 'own']) {
			const prediction = createPrediction({ id: `of-${executionId}` });
			rememberJob({ ...createIdentity(), prediction, executionId });
		}
		onPages([job('known'), job('of-other'), job('of-stored'), job('of-own')]);
		expect([await take('0.0.a'), await take('0.1.a')]).toEqual(['of-stored', 'of-own']);
		expect(await take('0.2.a')).toBeUndefined();
	});

	it('is one whose files are proved to be ours; what cannot be compared is said', async () => {
		verdicts.set('different', { is: 'different' });
		verdicts.set('unreadable', { is: 'notProvable', reason: 'its image cannot be read' });
		onPages([job('different'), job('unreadable'), job('equal')]);
		expect(await take()).toBe('equal');
		expect([...notes]).toEqual([expect.stringContaining('unreadable')]);
	});
});
