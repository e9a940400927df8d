/** Executions that n8n stores while jobs run: each item gets its video, each job is paid once. */
import { describe, expect, it } from '@jest/globals';
import { stringify } from 'flatted';
import { TO_ERROR_OUTPUT, refused, WITHOUT_SEED } from './support/cases';
import { input, ownMediaFixtures } from './support/files';
import { storedRun, useStoredWait } from './support/stored';
import { time } from './support/time';

const { emulator, engine, finish, promptsOf, scriptJobs, untilEnd } = useStoredWait();

const paired = (...items: number[]) => items.map((item) => ({ item }));

describe('a stored wait', () => {
	it.each(['filesystem', 'memory'] as const)(
		'ends with the videos of all rounds, in input order, and the workflow goes on once (%s)',
		async (binaryData) => {
			scriptJobs();
			const stored = await engine.run(storedRun(['a', 'b', 'c'], { binaryData }));
			expect([stored.run.status, stored.output('Good')]).toEqual(['waiting', []]);
			await finish('c', 'a');
			const half = await engine.wake(stored);
			expect(half.run.status).toBe('waiting');
			await finish('b');
			const ended = await untilEnd(half);

			expect(ended.run.status).toBe('success');
			expect(promptsOf(ended.good)).toEqual(['a', 'b', 'c']);
			expect(ended.good.map(({ pairedItem }) => pairedItem)).toEqual(paired(0, 1, 2));
			for (const item of ended.good) expect((await ended.fileIn(item)).length).toBeGreaterThan(500);
			const { runData } = ended.run.data.resultData;
			expect([runData.Video?.length, runData.Good?.length]).toEqual([1, 1]);
			expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
		},
	);

	it('says what there is to know about an item while it waits, and under the result', async () => {
		scriptJobs();
		const turned = 'is stored rotated by 90°';
		const image = input('k5_turned.jpg', 'image/jpeg');
		const items = ['a', 'b'].map((prompt) => {
			return { json: { prompt }, files: { ...ownMediaFixtures(prompt), image } };
		});
		const parameters = { options: { includeInputFields: true } };
		const stored = await engine.run(storedRun([], { items, parameters }));
		expect(stored.hints).toContain(turned);
		await finish('a');

		const half = await engine.wake(stored);
		expect(half.hints).toContain(turned);
		const ended = await untilEnd(half);

		expect(ended.hints.split(turned)).toHaveLength(2);
		expect(ended.hints).toContain('Video links expire');
		// The fields of the input are kept as well.
		expect(ended.good.map(({ json }) => [json.prompt, json.status])).toEqual([
			['a', 'completed'],
			['b', 'completed'],
		]);
	});

	it.each([
		[
			undefined,
			['a'],
			/^Job \S+ has been running since \d\d:\d\d\. A video of 4 s usually takes up to 2 minutes\. Next check by \d\d:\d\d \(.+\)\. Stop does not stop or refund the job\. To get its video without paying again, run the workflow again with the same inputs\./,
		],
		[-1, ['a'], /refund the job\. To get its video after Stop, use Get Result with this ID\./],
		[
			-1,
			['a', 'b'],
			/^2 of 2 items are waiting for their jobs: \S+, \S+\. The first has been running since \d\d:\d\d\. A video of up to 4 s usually takes up to 2 minutes\./,
		],
	])(
		'says since when its jobs run, how long they take, and what Stop does (seed %p, items %j)',
		async (seed, prompts, says) => {
			scriptJobs();
			const stored = await engine.run(storedRun(prompts, { parameters: { options: { seed } } }));
			expect(stored.hints).toMatch(says);
		},
	);

	it('says after the wait that a job was used again, and equal rows share it', async () => {
		scriptJobs();
		const run = storedRun(['a', 'a'], { parameters: WITHOUT_SEED });
		const first = await engine.run(run);
		const second = await engine.run(run);
		expect(second.hints).toContain('reused because the inputs are the same');

		await finish('a');
		const ended = await untilEnd(second);

		expect(ended.hints.match(/reused because/g)).toHaveLength(1);
		for (const { json } of ended.good) expect(json).toMatchObject({ reused: true });
		await untilEnd(first);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('holds items that failed, ended, run, and have not been submitted', async () => {
		scriptJobs();
		emulator.faults.add({ on: 'submit', match: { body: 'fail' }, do: refused(400, 'Bad prompt') });
		const run = storedRun(['', 'one', 'fail', 'two', 'three'], {
			parameters: { options: { itemsInFlight: 1 } },
			node: TO_ERROR_OUTPUT,
		});
		const ended = await untilEnd(await engine.run(run));

		expect(promptsOf(ended.good)).toEqual(['one', 'two', 'three']);
		expect(ended.good.map(({ pairedItem }) => pairedItem)).toEqual(paired(1, 3, 4));
		expect(ended.bad.map(({ pairedItem }) => pairedItem)).toEqual(paired(0, 2));
		expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 3 });
		expect(emulator.peak('submit')).toBe(1);
	});

	it('does not submit again when the prompt has another value on waking', async () => {
		scriptJobs();
		const parameters = { prompt: '={{ "at " + $now.toMillis() }}' };
		const stored = await engine.run(storedRun(['a', 'b'], { parameters }));
		const ended = await untilEnd(await engine.wake(stored));
		expect(ended.good).toHaveLength(2);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});

	it('does not need the inputs of jobs that exist', async () => {
		scriptJobs();
		const stored = await engine.run(storedRun(['a']));
		const requests = emulator.requestsTo('ticket', 'put').length;
		// The files of the item are gone from n8n's store.
		for (const entry of stored.run.data.executionData!.nodeExecutionStack) {
			for (const item of entry.data.main!.flatMap((items) => items ?? [])) delete item.binary;
		}
		const ended = await untilEnd(stored);
		expect(ended.good).toHaveLength(1);
		expect(emulator.requestsTo('ticket', 'put')).toHaveLength(requests);
	});

	it('does not grow with the number of its rounds', async () => {
		scriptJobs();
		const parameters = { options: { timeoutMinutes: 600 } };
		let last = await engine.wake(await engine.run(storedRun(['a', 'b'], { parameters })));
		const size = stringify(last.run.data).length;
		for (let round = 0; round < 10; round++) last = await engine.wake(last);
		expect(last.failure).toBeUndefined();
		expect(last.run.data.executionData!.nodeExecutionStack).toHaveLength(3);
		expect(stringify(last.run.data).length).toBeLessThan(size + 20);
	});

	it('asks for a job of 20 minutes at most 45 times without a public address', async () => {
		scriptJobs();
		const began = time.now;
		let last = await engine.run(storedRun(['a'], { publicUrl: 'ftp://n8n.invalid/' }));
		expect(emulator.predictions()[0]?.webhook).toBeUndefined();
		expect(time.now - began).toBeGreaterThanOrEqual(120_000);
		while (time.now - began < 20 * 60_000) last = await engine.wake(last);
		await finish();
		last = await engine.wake(last);
		expect(last.good).toHaveLength(1);
		expect(emulator.requestsTo('result').length).toBeLessThanOrEqual(45);
	});
});
