/** The user's Stop ends the node at once; only a submission on its way may finish. */
import { describe, expect, it } from '@jest/globals';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { Emulator } from '../emulator/emulator';
import type { RunningExecution, RunOptions } from './support/engine';
import { ownMediaFixtures, mediaFixtures } from './support/files';
import type { Execution } from './support/execution';
import { until } from '../testbed/lib/until';
import { quiet, useEngine } from './support/testbed';
import { time } from './support/time';

const testbed = useEngine();

/** Real milliseconds in which nothing more may happen. */
const WATCH_MS = 1_000;

interface Stopped {
	execution: Execution;
	/** Requests that left after Stop, by route. */
	later: string[];
}

/** Stops, and watches for a second. */
async function stop(emulator: Emulator, running: RunningExecution): Promise<Stopped> {
	running.cancel();
	// At once, and not when its time is over: no timer is waited for.
	for (let turn = 0; turn < 20; turn += 1) await setImmediate();
	expect(time.sleeps.filter(({ hasEnded }) => !hasEnded)).toEqual([]);
	const execution = await running.done;
	// What was sent before Stop may arrive after it.
	for (let turn = 0; turn < 20; turn += 1) await delay(0);
	const before = emulator.requests.length;
	const sleeps = time.sleeps.length;
	await delay(WATCH_MS);
	expect(time.sleeps).toHaveLength(sleeps);
	await quiet(emulator);
	return { execution, later: emulator.requests.slice(before).map(({ route }) => route) };
}

const items = [{ files: mediaFixtures }];

describe('Stop', () => {
	it('while a job runs: the sleep is cut', async () => {
		const { emulator, engine } = testbed;
		time.speed = 1;
		emulator.scriptJob({ seconds: 'never' });
		const running = engine.start({ items });
		await until(() => time.sleeps.length > 0, { what: 'the sleep', everyMs: 5 });

		const { execution, later } = await stop(emulator, running);

		expect(later).toEqual([]);
		expect(execution.run.status).toBe('canceled');
		expect(emulator.requestsTo('result')).toEqual([]);
	});

	it('while many jobs run: none is asked for again', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const marks = ['a', 'b', 'c', 'd'];
		const running = engine.start({
			items: marks.map((mark) => ({ files: ownMediaFixtures(mark) })),
		});
		await emulator.until(() => emulator.requestsTo('result').length > 10);

		expect((await stop(emulator, running)).later).toEqual([]);
	});

	const phases: Array<[string, (emulator: Emulator) => void, Emulator['requests'][0]['route']]> = [
		['an upload', ({ faults }) => faults.add({ on: 'put', do: 'stall' }), 'put'],
		[
			'a slow upload',
			({ faults }) => faults.add({ on: 'put', do: { slowRead: { bytesPerSecond: 5_000 } } }),
			'put',
		],
		['a poll', ({ faults }) => faults.add({ on: 'result', do: 'stall' }), 'result'],
		['a download', ({ faults }) => faults.add({ on: 'download', do: 'stall' }), 'download'],
		[
			'a slow download',
			({ faults }) => faults.add({ on: 'download', do: { slow: { bytesPerSecond: 100 } } }),
			'download',
		],
	];
	it.each(phases)('during %s: the connection is closed', async (_name, arrange, route) => {
		const { emulator, engine } = testbed;
		arrange(emulator);
		const running = engine.start({ items });
		await emulator.until(() => emulator.requestsTo(route).some(({ fault }) => fault !== undefined));

		const { execution, later } = await stop(emulator, running);

		expect(later).toEqual([]);
		expect(execution.run.status).toBe('canceled');
		const struck = emulator.requestsTo(route).find(({ fault }) => fault !== undefined);
		expect(struck).toMatchObject({ aborted: true });
	});

	it('during a submission: its answer is still taken, and nothing follows', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ id: 'the-last-job', seconds: 'never' });
		emulator.faults.add({ on: 'submit', do: { delay: 300 } });
		const running = engine.start({ items });
		await emulator.until(() => emulator.requestsTo('submit').length === 1);

		const { execution, later } = await stop(emulator, running);

		expect(later).toEqual([]);
		expect(emulator.requestsTo('submit')[0]).toMatchObject({ status: 200, aborted: false });
		expect(JSON.stringify(execution.context)).toContain('the-last-job');
		expect(execution.everything).toMatch(/info WaveSpeed InfiniteTalk: job the-last-job submitted/);
		expect(execution.run.data.resultData.metadata).toEqual({ wavespeed_jobs: 'the-last-job' });
		expect(emulator.requestsTo('result')).toEqual([]);
	});

	it('before other submissions: they do not leave', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', times: 'always', do: { delay: 200 } });
		const marks = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
		const running = engine.start({
			items: marks.map((mark) => ({
				files: { ...mediaFixtures, left_audio: ownMediaFixtures(mark).left_audio },
			})),
		});
		await emulator.until(() => emulator.requestsTo('submit').length > 0);

		const { later } = await stop(emulator, running);

		expect(later).toEqual([]);
		expect(emulator.requestsTo('submit').length).toBeLessThan(8);
		expect(emulator.billing().billed).toBe(emulator.requestsTo('submit').length);
	});

	it('while a refusal is waited out: it is not sent again', async () => {
		const { emulator, engine } = testbed;
		const respond = { status: 429, headers: { 'retry-after': '3000' } };
		emulator.faults.add({ on: 'submit', do: { respond } });
		const running = engine.start({ items });
		await until(() => time.sleeps.some(({ ms }) => ms >= 3_000_000), {
			what: 'the sleep',
			everyMs: 5,
		});

		const { later } = await stop(emulator, running);

		expect(later).toEqual([]);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
	});

	it('while a lost job is looked for', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', do: 'reset' });
		const running = engine.start({ items });
		await emulator.until(() => emulator.requestsTo('history').length > 1);

		expect((await stop(emulator, running)).later).toEqual([]);
	});

	const continuing: RunOptions['node'][] = [
		{ onError: 'continueErrorOutput' },
		{ onError: 'continueRegularOutput' },
		{ retryOnFail: true, maxTries: 5, waitBetweenTries: 1 },
	];
	it.each(continuing)('with %j nothing goes on', async (node) => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ seconds: 'never' });
		const running = engine.start({ items, ...(node && { node }) });
		await emulator.until(() => emulator.requestsTo('result').length > 1);

		const { execution, later } = await stop(emulator, running);

		expect(later).toEqual([]);
		expect(execution.run.status).toBe('canceled');
		expect(execution.run.data.resultData.runData).not.toHaveProperty('Good');
		expect(execution.run.data.resultData.runData).not.toHaveProperty('Bad');
	});

	it('during Get Result', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ id: 'running-job', seconds: 'never' });
		await engine.run({ items, parameters: { operation: 'submit' } });
		const running = engine.start({
			items: [{ json: { id: 'running-job' } }],
			parameters: { operation: 'getResult', ifNotFinished: 'wait' },
		});
		await emulator.until(() => emulator.requestsTo('result').length > 2);

		expect((await stop(emulator, running)).later).toEqual([]);
	});
});
