/** The user's Stop ends the node at once; only a submission on its way may finish. */
import { describe, expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import type { FaultAction, RouteName } from '../emulator/emulator';
import type { RunningExecution, RunOptions } from './support/engine';
import { ENDLESS, itemsOf, retrying } from './support/cases';
import type { Execution } from './support/execution';
import { closedGate, quiet, useEngine } from './support/testbed';
import { isUnderWay, time } from './support/time';
import { byUrl } from './support/workflow';

const { emulator, engine } = useEngine();

interface Stopped {
	execution: Execution;
	/** Requests that left after Stop. */
	later: number;
}

/**
 * Stops, and looks what the node still does: what could go on later needs a sleep or a request, and none is left.
 *
 * @param letGo what the emulator holds back until then
 */
async function stop(running: RunningExecution, letGo: () => void = () => {}): Promise<Stopped> {
	const begun = time.requests.length;
	running.cancel();
	// At once, and not when its time is over: no timer is waited for.
	for (let turn = 0; turn < 20; turn += 1) await setImmediate();
	expect(isUnderWay(time.sleeps)).toBe(false);
	letGo();
	const execution = await running.done;
	await quiet(emulator);
	expect(isUnderWay([...time.sleeps, ...time.requests])).toBe(false);
	return { execution, later: Math.max(0, emulator.requests.length - begun) };
}

describe('Stop', () => {
	it('while a job runs: the sleep is cut', async () => {
		time.standsStill = true;
		emulator.scriptJob({ seconds: 'never' });
		const running = await engine.start();
		await emulator.until(() => time.sleeps.length > 0);

		const { execution, later } = await stop(running);

		expect(later).toBe(0);
		expect(execution.run.status).toBe('canceled');
		expect(emulator.requestsTo('result')).toEqual([]);
	});

	const transfers: Array<[string, RouteName, FaultAction]> = [
		['an upload', 'put', 'stall'],
		['a slow upload', 'put', { slowRead: { bytesPerSecond: 5_000 } }],
		['a fetch', 'web', 'stall'],
		['a poll', 'result', 'stall'],
		['a download', 'download', 'stall'],
		['a slow download', 'download', { slow: { bytesPerSecond: 100 } }],
	];
	it.each(transfers)('during %s: the connection is closed', async (_name, on, fault) => {
		emulator.faults.add({ on, do: fault });
		const { leftAudio } = byUrl(emulator);
		const running = await engine.start(on === 'web' ? { parameters: { leftAudio } } : {});
		await emulator.until(() => emulator.requestsTo(on).some((request) => request.fault));

		const { execution, later } = await stop(running);

		expect(later).toBe(0);
		expect(execution.run.status).toBe('canceled');
		const struck = emulator.requestsTo(on).find((request) => request.fault);
		expect(struck).toMatchObject({ aborted: true });
	});

	it('during a submission: its answer is still taken, and nothing follows', async () => {
		emulator.scriptJob({ id: 'the-last-job', seconds: 'never' });
		const gate = closedGate();
		emulator.faults.add({ on: 'submit', do: { delay: gate.opened } });
		const running = await engine.start();
		await emulator.until(() => emulator.requestsTo('submit').length === 1);

		const { execution, later } = await stop(running, gate.open);

		expect(later).toBe(0);
		expect(emulator.requestsTo('submit')[0]).toMatchObject({ status: 200, aborted: false });
		expect(JSON.stringify(execution.context)).toContain('the-last-job');
		expect(execution.everything).toMatch(/info WaveSpeed InfiniteTalk: job the-last-job submitted/);
		expect(execution.run.data.resultData.metadata).toEqual({ wavespeed_jobs: 'the-last-job' });
		expect(emulator.requestsTo('result')).toEqual([]);
	});

	it('before other submissions: they do not leave', async () => {
		const gate = closedGate();
		emulator.faults.add({ on: 'submit', times: 'always', do: { delay: gate.opened } });
		const running = await engine.start({ items: itemsOf('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h') });
		await emulator.until(() => emulator.requestsTo('submit').length > 0);

		const { later } = await stop(running, gate.open);

		expect(later).toBe(0);
		expect(emulator.requestsTo('submit').length).toBeLessThan(8);
		expect(emulator.billing().billed).toBe(emulator.requestsTo('submit').length);
	});

	const continuing: RunOptions['node'][] = [
		{ onError: 'continueErrorOutput' },
		{ onError: 'continueRegularOutput' },
		retrying(5),
	];
	it.each(continuing)('with %j nothing goes on', async (node) => {
		emulator.scriptJob({ seconds: 'never' });
		const running = await engine.start({ ...(node && { node }) });
		await emulator.until(() => emulator.requestsTo('result').length > 1);

		const { execution, later } = await stop(running);

		expect(later).toBe(0);
		expect(execution.run.status).toBe('canceled');
		expect(execution.run.data.resultData.runData).not.toHaveProperty('Good');
		expect(execution.run.data.resultData.runData).not.toHaveProperty('Bad');
	});

	const waiting: Array<[string, () => unknown, RunOptions, () => boolean]> = [
		[
			'many jobs run',
			() => emulator.scriptJob(ENDLESS),
			{ items: itemsOf('a', 'b', 'c', 'd') },
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
	it.each(waiting)('while %s: no request follows', async (_what, arrange, planned, reached) => {
		await arrange();
		const running = await engine.start(planned);
		await emulator.until(reached);

		expect((await stop(running)).later).toBe(0);
	});
});
