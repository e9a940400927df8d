/**
 * n8n may resume an execution with the data of an old round, when two calls meet, or a call and the
 * time: each round is carried out once, and each job is paid for once.
 */
import { describe, expect, it } from '@jest/globals';
import type { FaultRule } from '../../emulator/emulator';
import { pricedItems, refused, TO_ERROR_OUTPUT } from '../support/cases';
import type { RunOptions } from '../support/engine';
import { storedRun, useStoredWait } from '../support/stored';

const { emulator, engine, finish, promptsOf, scriptJobs, untilEnd } = useStoredWait();

const PROMPTS = ['a', 'b', 'c', 'd', 'e', 'f'];
const options = { itemsInFlight: 2, seed: -1 };
/** Of whose items two have a job at a time. */
const TWO_AT_A_TIME = storedRun(PROMPTS, { parameters: { options } });

const downloads = () => emulator.requestsTo('download').length;

describe('an execution that n8n resumes with the data of an old round', () => {
	it('goes on with the latest round, and pays for no job twice', async () => {
		scriptJobs();
		const stored = await engine.run(TWO_AT_A_TIME);
		await finish();
		const second = await engine.wake(stored);
		await finish('c');
		const again = await engine.wake(stored);
		expect(again.run.status).toBe('waiting');
		expect(emulator.billing()).toMatchObject({ submitted: 5 });
		const ended = await untilEnd(second);
		expect(promptsOf(ended.good)).toEqual(PROMPTS);
		expect(emulator.billing()).toMatchObject({ submitted: 6, billed: 6 });
		expect(downloads()).toBe(6);
	});

	it('puts out the same again when the run had ended, and downloads nothing', async () => {
		emulator.scriptJob({ seconds: 'never', webhook: 'none', end: { status: 'failed' } });
		scriptJobs();
		const stored = await engine.run(
			storedRun(['a', 'b', 'c'], { node: TO_ERROR_OUTPUT, parameters: { options: { seed: -1 } } }),
		);
		await finish();
		const ended = await engine.wake(stored);
		const before = emulator.requests.length;
		const again = await engine.wake(stored);

		expect([again.good, again.bad]).toEqual([ended.good, ended.bad]);
		expect([again.good.length, again.bad.length]).toEqual([2, 1]);
		expect(emulator.requests.slice(before)).toEqual([]);
	});

	it('does not begin a later run of the node again that is stored already', async () => {
		scriptJobs();
		const stored = await engine.run(
			storedRun(['a', 'b'], { loops: 2, parameters: { options: { seed: -1 } } }),
		);
		await finish();
		await engine.wake(stored);
		expect(emulator.billing()).toMatchObject({ submitted: 4 });
		const again = await engine.wake(stored);
		expect(again.run.status).toBe('waiting');
		const ended = await untilEnd(again);

		expect(ended.run.status).toBe('success');
		const ids = emulator.predictions().map(({ id }) => id);
		expect(ended.output('Video', 0, 1).map(({ json }) => json.id)).toEqual(ids.slice(2));
		expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 4 });
		expect(downloads()).toBe(4);
	});
});

describe('a slow job', () => {
	it('holds nobody up: a call wakes the node whenever an item waits for its place', async () => {
		scriptJobs();
		let last = await engine.run(TWO_AT_A_TIME);
		for (const [index, prompt] of PROMPTS.slice(1).entries()) {
			expect(emulator.predictions()).toHaveLength(Math.min(index + 2, PROMPTS.length));
			await finish(prompt);
			const id = emulator.predictions().find(({ inputs }) => inputs.prompt === prompt)?.id;
			const { execution } = await engine.call(last, id!);
			// The last one ends when nobody waits for a place.
			if (prompt === 'f') expect(execution).toBeUndefined();
			else last = execution!;
		}
		const ended = await untilEnd(last);
		expect(promptsOf(ended.good)).toEqual(PROMPTS);
		expect(emulator.peak('submit')).toBeLessThanOrEqual(2);
	});

	it('is not read each time that another one ends: one page of the history shows many', async () => {
		scriptJobs();
		const prompts = Array.from({ length: 12 }, (_, item) => `item ${item}`);
		const parameters = { options: { itemsInFlight: 10, seed: -1 } };
		const stored = await engine.run(storedRun(prompts, { parameters }));
		await finish('item 3', 'item 4');
		const { id } = emulator.predictions()[3]!;
		const { execution } = await engine.call(stored, id);
		// The one that the call names, and the one that the history shows to have ended.
		expect(emulator.requestsTo('result')).toHaveLength(2);
		expect(emulator.requestsTo('history')).toHaveLength(1);
		expect(emulator.predictions()).toHaveLength(12);
		expect(downloads()).toBe(2);
		await untilEnd(execution!);
	});
});

it('a job that ends while the node waits for others is noticed before the execution is stored', async () => {
	scriptJobs({ match: '"a"', seconds: 0 });
	scriptJobs();
	const tooMany = refused(429, 'Too many requests');
	emulator.faults.add({ on: 'submit', match: { body: '"b"' }, do: tooMany });
	const stored = await engine.run(storedRun(['a', 'b']));
	expect(stored.run.status).toBe('waiting');
	expect(downloads()).toBe(1);
	const ended = await untilEnd(stored);
	expect(promptsOf(ended.good)).toEqual(['a', 'b']);
	expect(emulator.billing()).toMatchObject({ billed: 2 });
});

describe('a round that was lost', () => {
	const history: FaultRule = { on: 'history', times: 'always', do: refused(500, 'Down') };

	/** Stored with two jobs; the round after it submits two more, and is lost. */
	async function loseRound(run: RunOptions) {
		scriptJobs();
		const stored = await engine.run(run);
		await finish();
		await engine.wake(stored);
		expect(emulator.billing()).toMatchObject({ submitted: 4 });
		return stored;
	}

	it('is found again by a retry, one job for each item', async () => {
		const stored = await loseRound(TWO_AT_A_TIME);
		const ended = await untilEnd(await engine.retry(stored));

		expect(new Set(ended.good.map(({ json }) => json.id)).size).toBe(6);
		expect(emulator.billing()).toMatchObject({ submitted: 6, billed: 6 });
		expect(ended.good.every(({ json }) => json.reused === false)).toBe(true);
		expect(downloads()).toBe(8);
	});

	it('does not take the jobs of another execution', async () => {
		scriptJobs();
		const stored = await engine.run(TWO_AT_A_TIME);
		await finish();
		const other = await engine.wake(await engine.run(TWO_AT_A_TIME));
		const ended = await untilEnd(await engine.wake(stored));

		await untilEnd(other);
		expect(new Set(ended.good.map(({ json }) => json.id)).size).toBe(6);
		expect(emulator.billing()).toMatchObject({ submitted: 12, billed: 12 });
	});

	it('fails what a retry would submit while the history cannot be read; a mere wake goes on', async () => {
		const stored = await loseRound(TWO_AT_A_TIME);
		const fault = emulator.faults.add(history);
		const failed = await engine.retry(stored);
		expect(failed.failure).toContain('may already exist');
		expect(emulator.billing()).toMatchObject({ submitted: 4 });
		fault.remove();
		const ended = await untilEnd(await engine.retry(failed));
		expect(ended.good).toHaveLength(6);
		expect(emulator.billing()).toMatchObject({ submitted: 6 });

		emulator.faults.add(history);
		const woken = await untilEnd(await engine.run(TWO_AT_A_TIME));
		expect(woken.good).toHaveLength(6);
		expect(woken.hints).toContain('could not be read');
	});

	it('counts in Max Cost per Run', async () => {
		const lengths = [10, 10, 10, 10, 10];
		const limits = { ...options, waiting: 'automatic', maxCostPerRun: 0.6 };
		const parameters = { prompt: '={{ $json.prompt }}', options: limits };
		const items = pricedItems(...lengths);
		const stored = await loseRound({ items, parameters, node: TO_ERROR_OUTPUT });
		const ended = await untilEnd(await engine.retry(stored));
		expect([ended.good.length, ended.bad.length]).toEqual([4, 1]);
		expect(emulator.billing()).toMatchObject({ submitted: 4, spent: 0.6 });
	});
});
