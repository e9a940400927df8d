/** The user's Stop ends the node at once; only a submission on its way may finish. */
import { expect, it } from '@jest/globals';
import { setImmediate } from 'node:timers/promises';
import type { FaultAction, RouteName } from '../emulator/emulator';
import { itemsOf, retrying } from './support/cases';
import type { RunOptions } from './support/engine';
import type { Execution } from './support/execution';
import { closedGate, quiet, useEngine } from './support/testbed';
import { isUnderWay, time } from './support/time';
import { byUrl } from './support/workflow';

const { emulator, engine } = useEngine();

/**
 * Stops as soon as it has got so far, and looks what the node still does: what could go on later needs a sleep or a
 * request, and none is left, nor has a request left since.
 *
 * @param letGo what the emulator holds back until then
 */
async function stop(
	planned: RunOptions,
	hasCome: () => boolean,
	letGo = () => {},
): Promise<Execution> {
	const running = await engine.start(planned);
	await emulator.until(hasCome);
	const begun = time.requests.length;
	running.cancel();
	// At once, and not when its time is over: no timer is waited for.
	for (let turn = 0; turn < 20; turn += 1) await setImmediate();
	expect(isUnderWay(time.sleeps)).toBe(false);
	letGo();
	const execution = await running.done;
	await quiet(emulator);
	expect(isUnderWay([...time.sleeps, ...time.requests])).toBe(false);
	expect(emulator.requests.length).toBeLessThanOrEqual(begun);
	expect(execution.run.status).toBe('canceled');
	return execution;
}

const asked = (on: RouteName, more = 0) => emulator.requestsTo(on).length > more;

it('while a job runs, the sleep is cut', async () => {
	time.standsStill = true;
	emulator.scriptJob({ seconds: 'never' });

	await stop({}, () => time.sleeps.length > 0);

	expect(emulator.requestsTo('result')).toEqual([]);
});

it.each<[string, RouteName, FaultAction]>([
	['an upload', 'put', 'stall'],
	['a slow upload', 'put', { slowRead: { bytesPerSecond: 5_000 } }],
	['a fetch', 'web', 'stall'],
	['a poll', 'result', 'stall'],
	['a download', 'download', 'stall'],
	['a slow download', 'download', { slow: { bytesPerSecond: 100 } }],
])('during %s, the connection is closed', async (_name, on, fault) => {
	emulator.faults.add({ on, do: fault });
	const struck = () => emulator.requestsTo(on).find((request) => request.fault);
	const { leftAudio } = byUrl(emulator);

	await stop(on === 'web' ? { parameters: { leftAudio } } : {}, () => struck() !== undefined);

	expect(struck()).toMatchObject({ aborted: true });
});

it('during a submission, its answer is still taken, and nothing follows', async () => {
	emulator.scriptJob({ id: 'the-last-job', seconds: 'never' });
	const gate = closedGate();
	emulator.faults.add({ on: 'submit', do: { delay: gate.opened } });

	const execution = await stop({}, () => asked('submit'), gate.open);

	expect(emulator.requestsTo('submit')[0]).toMatchObject({ status: 200, aborted: false });
	expect(JSON.stringify(execution.context)).toContain('the-last-job');
	expect(execution.everything).toMatch(/info WaveSpeed InfiniteTalk: job the-last-job submitted/);
	expect(execution.run.data.resultData.metadata).toEqual({ wavespeed_jobs: 'the-last-job' });
	expect(emulator.requestsTo('result')).toEqual([]);
});

it('before other submissions, they do not leave', async () => {
	const gate = closedGate();
	emulator.faults.add({ on: 'submit', times: 'always', do: { delay: gate.opened } });

	await stop({ items: itemsOf(...'abcdefgh') }, () => asked('submit'), gate.open);

	expect(emulator.requestsTo('submit').length).toBeLessThan(8);
	expect(emulator.billing().billed).toBe(emulator.requestsTo('submit').length);
});

it.each<NonNullable<RunOptions['node']>>([
	{ onError: 'continueErrorOutput' },
	{ onError: 'continueRegularOutput' },
	retrying(5),
])('with %j, nothing goes on', async (node) => {
	emulator.scriptJob({ seconds: 'never' });

	const execution = await stop({ node }, () => asked('result', 1));

	expect(execution.run.data.resultData.runData).not.toHaveProperty('Good');
	expect(execution.run.data.resultData.runData).not.toHaveProperty('Bad');
});

it.each<[string, () => unknown, () => boolean]>([
	[
		'a refusal is waited out',
		() => {
			const respond = { status: 429, headers: { 'retry-after': '3000' } };
			emulator.faults.add({ on: 'submit', do: { respond } });
		},
		() => time.sleeps.some(({ ms }) => ms >= 3_000_000),
	],
	[
		'a lost job is looked for',
		() => emulator.faults.add({ on: 'submit', do: 'reset' }),
		() => asked('history', 1),
	],
])('while %s, no request follows', async (_what, arrange, hasCome) => {
	arrange();

	await stop({}, hasCome);
});
