/** *Retry execution*, loops and changed inputs: which job belongs to which run of the node. */
import { describe, expect, it } from '@jest/globals';
import type { RunOptions } from './support/engine';
import type { Execution } from './support/execution';
import { ownMediaFixtures, pair, mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';
import { fromUrl } from './support/workflow';

const { emulator, engine } = useEngine();

const unauthorized = { status: 401, body: { code: 401, message: 'Unauthorized' } };

describe('Retry execution', () => {
	it('collects the job that is paid for', async () => {
		const fault = emulator.faults.add({
			on: 'result',
			times: 'always',
			do: { respond: unauthorized },
		});
		const failed = await engine.run();
		fault.remove();

		const execution = await engine.retry(failed);

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[0]?.id,
			status: 'completed',
		});
		expect(execution.run.mode).toBe('retry');
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('of a retry collects it as well', async () => {
		emulator.faults.add({ on: 'result', times: 2, do: { respond: unauthorized } });
		const failed = await engine.run();
		const failedAgain = await engine.retry(failed);
		expect(failedAgain.error.message).toContain('Unauthorized');

		const execution = await engine.retry(failedAgain);

		expect(execution.good).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('waits again after a timeout', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const options = { timeoutMinutes: 1 };
		const failed = await engine.run({ parameters: { options } });
		expect(failed.error.message).toContain('did not finish within 1 minute');
		await emulator.finishAll();

		const execution = await engine.retry(failed);

		expect(execution.good).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('submits a failed job anew', async () => {
		emulator.scriptJob({ end: { status: 'failed', code: 5000, error: 'Busy' } });
		const failed = await engine.run();

		const execution = await engine.retry(failed);

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[1]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 2, refunded: 1, paid: 1 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	const harmless: Array<[string, Partial<RunOptions>]> = [
		['a longer timeout', { parameters: { options: { timeoutMinutes: 500 } } }],
		['no download', { parameters: { downloadVideo: false } }],
		['another way to fail', { node: { onError: 'continueErrorOutput' } }],
	];
	it.each(harmless)('with %s in the current workflow', async (_name, changes) => {
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });
		const failed = await engine.run();

		const execution = await engine.retry(failed, changes);

		expect(execution.good).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	const changed: Array<[string, RunOptions['parameters']]> = [
		['prompt', { prompt: 'They sing' }],
		['order', { order: 'left_right' }],
		['seed', { options: { seed: 1 } }],
		['sides', { leftAudio: { __rl: true, mode: 'binary', value: 'right_audio' } }],
	];
	it.each(changed)('with another %s makes another video', async (_name, parameters) => {
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });
		const failed = await engine.run();

		const execution = await engine.retry(failed, { parameters: parameters ?? {} });

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[1]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});
});

describe('loops', () => {
	const ids = ['first-job', 'second-job', 'third-job'];
	const respond = unauthorized;
	const secondFails = { on: 'result', match: { url: 'second-job' }, do: { respond } } as const;

	/** The job of each round. */
	const idsOf = (execution: Execution) =>
		[0, 1, 2].map((round) => execution.output('Video', 0, round)[0]?.json.id);

	it('each round makes its own job, from files that are uploaded once', async () => {
		const execution = await engine.run({ loops: 3 });

		expect(idsOf(execution)).toEqual(emulator.predictions().map(({ id }) => id));
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('a retry within a round goes on with the job of that round', async () => {
		for (const id of ids) emulator.scriptJob({ id });
		emulator.faults.add(secondFails);

		const execution = await engine.run({
			loops: 3,
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});

		expect(execution.failure).toBeUndefined();
		expect(idsOf(execution)).toEqual(ids);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
	});

	it('so does a retry of the execution', async () => {
		for (const id of ids) emulator.scriptJob({ id });
		emulator.faults.add(secondFails);
		const failed = await engine.run({ loops: 3 });
		expect(failed.error.message).toContain('second-job');

		const execution = await engine.retry(failed);

		expect(execution.failure).toBeUndefined();
		expect(idsOf(execution)).toEqual(ids);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
	});
});

describe('several items of one execution', () => {
	it('a retry collects the good ones and makes the failed one anew', async () => {
		emulator.scriptJob({ match: 'b-pair', end: { status: 'failed', code: 1403, error: 'Odd' } });
		const some = ['a', 'b', 'c'].map((mark) => ({ files: { ...ownMediaFixtures(mark) } }));
		const failed = await engine.run({ items: some });
		expect(failed.error.message).toContain('Odd');

		const execution = await engine.retry(failed);

		expect(execution.good).toHaveLength(3);
		expect(emulator.billing()).toMatchObject({ refunded: 1, paid: 3 });
	});

	it('a retry takes no job of another item for its own, although both have the seed', async () => {
		emulator.scriptJob({ match: 'b-pair', end: { status: 'failed', code: 1403, error: 'Odd' } });
		const some = ['a', 'b'].map((mark) => ({ files: ownMediaFixtures(mark) }));
		const parameters = { options: { seed: 7 } };
		const failed = await engine.run({ items: some, parameters });
		expect(failed.error.message).toContain('Odd');

		const execution = await engine.retry(failed);

		expect(new Set(execution.good.map(({ json }) => json.id)).size).toBe(2);
		expect(emulator.billing()).toMatchObject({ submitted: 3, refunded: 1, paid: 2 });
	});

	it('items with other pictures behind their URLs keep apart', async () => {
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });
		const other = ownMediaFixtures('other').image;
		const pictures = [pair, other].map((picture) => emulator.host(picture.name, picture));
		const planned: RunOptions = {
			items: pictures.map((picture) => ({ json: { picture }, files: mediaFixtures })),
			parameters: { image: fromUrl('={{ $json.picture }}') },
		};
		const failed = await engine.run(planned);

		const execution = await engine.retry(failed);

		expect(execution.good).toHaveLength(2);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});
});
