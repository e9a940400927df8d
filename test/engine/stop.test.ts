/** The user's Stop ends the node at once; only a submission on its way may finish. */
import { describe, expect, it } from '@jest/globals';
import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import type { FaultAction, RouteName } from '../emulator/emulator';
import type { RunningExecution, RunOptions } from './support/engine';
import { ownMediaFixtures, mediaFixtures } from './support/files';
import type { Execution } from './support/execution';
import { until } from '../testbed/lib/until';
import { quiet, useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

/** Real milliseconds in which nothing more may happen. */
const WATCH_MS = 1_000;

interface Stopped {
	execution: Execution;
	/** Requests that left after Stop, by route. */
	later: string[];
}

/** Stops, and watches for a second. */
async function stop(running: RunningExecution): Promise<Stopped> {
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

describe('Stop', () => {
	it('while a job runs: the sleep is cut', async () => {
		time.speed = 1;
		emulator.scriptJob({ seconds: 'never' });
		const running = engine.start();
		await until(() => time.sleeps.length > 0, { what: 'the sleep', everyMs: 5 });

		const { execution, later } = await stop(running);

		expect(later).toEqual([]);
		expect(execution.run.status).toBe('canceled');
		expect(emulator.requestsTo('result')).toEqual([]);
	});

	const transfers: Array<[string, RouteName, FaultAction]> = [
		['an upload', 'put', 'stall'],
		['a slow upload', 'put', { slowRead: { bytesPerSecond: 5_000 } }],
		['a poll', 'result', 'stall'],
		['a download', 'download', 'stall'],
		['a slow download', 'download', { slow: { bytesPerSecond: 100 } }],
	];
	it.each(transfers)('during %s: the connection is closed', async (_name, on, fault) => {
		emulator.faults.add({ on, do: fault });
		const running = engine.start();
		await emulator.until(() => emulator.requestsTo(on).some((request) => request.fault));

		const { execution, later } = await stop(running);

		expect(later).toEqual([]);
		expect(execution.run.status).toBe('canceled');
		const struck = emulator.requestsTo(on).find((request) => request.fault);
		expect(struck).toMatchObject({ aborted: true });
	});

	it('during a submission: its answer is still taken, and nothing follows', async () => {
		emulator.scriptJob({ id: 'the-last-job', seconds: 'never' });
		emulator.faults.add({ on: 'submit', do: { delay: 300 } });
		const running = engine.start();
		await emulator.until(() => emulator.requestsTo('submit').length === 1);

		const { execution, later } = await stop(running);

		expect(later).toEqual([]);
		expect(emulator.requestsTo('submit')[0]).toMatchObject({ status: 200, aborted: false });
		expect(JSON.stringify(execution.context)).toContain('the-last-job');
		expect(execution.everything).toMatch(/info WaveSpeed InfiniteTalk: job the-last-job submitted/);
		expect(execution.run.data.resultData.metadata).toEqual({ wavespeed_jobs: 'the-last-job' });
		expect(emulator.requestsTo('result')).toEqual([]);
	});

	it('before other submissions: they do not leave', async () => {
		emulator.faults.add({ on: 'submit', times: 'always', do: { delay: 200 } });
		const marks = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
		const running = engine.start({
			items: marks.map((mark) => ({
				files: { ...mediaFixtures, left_audio: ownMediaFixtures(mark).left_audio },
			})),
		});
		await emulator.until(() => emulator.requestsTo('submit').length > 0);

		const { later } = await stop(running);

		expect(later).toEqual([]);
		expect(emulator.requestsTo('submit').length).toBeLessThan(8);
		expect(emulator.billing().billed).toBe(emulator.requestsTo('submit').length);
	});

	const continuing: RunOptions['node'][] = [
		{ onError: 'continueErrorOutput' },
		{ onError: 'continueRegularOutput' },
		{ retryOnFail: true, maxTries: 5, waitBetweenTries: 1 },
	];
	it.each(continuing)('with %j nothing goes on', async (node) => {
		emulator.scriptJob({ seconds: 'never' });
		const running = engine.start({ ...(node && { node }) });
		await emulator.until(() => emulator.requestsTo('result').length > 1);

		const { execution, later } = await stop(running);

		expect(later).toEqual([]);
		expect(execution.run.status).toBe('canceled');
		expect(execution.run.data.resultData.runData).not.toHaveProperty('Good');
		expect(execution.run.data.resultData.runData).not.toHaveProperty('Bad');
	});

	const waiting: Array<[string, () => unknown, RunOptions, () => boolean]> = [
		[
			'many jobs run',
			() => emulator.scriptJob({ seconds: 'never', times: 'always' }),
			{ items: ['a', 'b', 'c', 'd'].map((mark) => ({ files: ownMediaFixtures(mark) })) },
			() => emulator.requestsTo('result').length > 10,
		],
		[
			'a refusal is waited out',
			() => {
				const respond = { status: 429, headers: { 'retry-after': '3000' } };
				emulator.faults.add({ on: 'submit', do: { respond } });
			},
			{},
			() => time.sleeps.some(({ ms }) => ms >= 3_000_000),
		],
		[
			'a lost job is looked for',
			() => emulator.faults.add({ on: 'submit', do: 'reset' }),
			{},
			() => emulator.requestsTo('history').length > 1,
		],
		[
			'Get Result waits',
			() => emulator.addJob({ status: 'processing', script: { id: 'running-job' } }),
			{
				items: [{ json: { id: 'running-job' } }],
				parameters: { operation: 'getResult', ifNotFinished: 'wait' },
			},
			() => emulator.requestsTo('result').length > 2,
		],
	];
	it.each(waiting)('while %s: no request follows', async (what, arrange, planned, reached) => {
		await arrange();
		const running = engine.start(planned);
		await until(reached, { what, everyMs: 5 });

		expect((await stop(running)).later).toEqual([]);
	});
});
