/** *Retry execution*, loops and changed inputs: which job belongs to which run of the node. */
import { describe, expect, it } from '@jest/globals';
import type { RunOptions } from './support/engine';
import { copyOf, leftVoice, ownMediaFixtures, pair, mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';
import { fromUrl } from './support/workflow';

const testbed = useEngine();

const unauthorized = { status: 401, body: { code: 401, message: 'Unauthorized' } };
const items = [{ files: mediaFixtures }];

describe('Retry execution', () => {
	it('collects the job that is paid for', async () => {
		const { emulator, engine } = testbed;
		const fault = emulator.faults.add({
			on: 'result',
			times: 'always',
			do: { respond: unauthorized },
		});
		const failed = await engine.run({ items });
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
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'result', times: 2, do: { respond: unauthorized } });
		const failed = await engine.run({ items });
		const failedAgain = await engine.retry(failed);
		expect(failedAgain.error.message).toContain('Unauthorized');

		const execution = await engine.retry(failedAgain);

		expect(execution.good).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('waits again after a timeout', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ seconds: 'never' });
		const options = { timeoutMinutes: 1 };
		const failed = await engine.run({ items, parameters: { options } });
		expect(failed.error.message).toContain('has not ended within 1 minutes');
		await emulator.finishAll();

		const execution = await engine.retry(failed);

		expect(execution.good).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('submits a failed job anew', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ end: { status: 'failed', code: 5000, error: 'Busy' } });
		const failed = await engine.run({ items });

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
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });
		const failed = await engine.run({ items });

		const execution = await engine.retry(failed, { items, ...changes });

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
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });
		const failed = await engine.run({ items });

		const execution = await engine.retry(failed, { items, parameters: parameters ?? {} });

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[1]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});
});

describe('a run of its own', () => {
	it('makes its own job, with the same files', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });
		await engine.run({ items });

		const execution = await engine.run({ items });

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[1]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});
});

describe('loops', () => {
	it('each round makes its own job, from files that are uploaded once', async () => {
		const { emulator, engine } = testbed;

		const execution = await engine.run({ items, rounds: 3 });

		const ids = [0, 1, 2].map((round) => execution.output('Video', 0, round)[0]?.json.id);
		expect(ids).toEqual(emulator.predictions().map(({ id }) => id));
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('a retry within a round goes on with the job of that round', async () => {
		const { emulator, engine } = testbed;
		for (const id of ['first-job', 'second-job', 'third-job']) emulator.scriptJob({ id });
		const respond = unauthorized;
		emulator.faults.add({ on: 'result', match: { url: 'second-job' }, do: { respond } });

		const execution = await engine.run({
			items,
			rounds: 3,
			node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});

		expect(execution.failure).toBeUndefined();
		const ids = [0, 1, 2].map((round) => execution.output('Video', 0, round)[0]?.json.id);
		expect(ids).toEqual(['first-job', 'second-job', 'third-job']);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
	});

	it('so does a retry of the execution', async () => {
		const { emulator, engine } = testbed;
		for (const id of ['first-job', 'second-job', 'third-job']) emulator.scriptJob({ id });
		const respond = unauthorized;
		emulator.faults.add({ on: 'result', match: { url: 'second-job' }, do: { respond } });
		const failed = await engine.run({ items, rounds: 3 });
		expect(failed.error.message).toContain('second-job');

		const execution = await engine.retry(failed);

		expect(execution.failure).toBeUndefined();
		const ids = [0, 1, 2].map((round) => execution.output('Video', 0, round)[0]?.json.id);
		expect(ids).toEqual(['first-job', 'second-job', 'third-job']);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
	});
});

describe('files that look alike', () => {
	it('a changed file of the same name and size is uploaded again and makes another video', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });
		const failed = await engine.run({ items });
		const content = Buffer.from(leftVoice.content);
		content[60_000]! ^= 1;
		const files = { ...mediaFixtures, left_audio: copyOf(leftVoice, { content }) };

		const execution = await engine.run({ items: [{ files }] });

		expect(failed.error.message).toContain('Unauthorized');
		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[1]?.id);
		const digests = emulator.uploads().map(({ sha256 }) => sha256);
		expect(new Set(digests).size).toBe(4);
	});
});

describe('several items of one execution', () => {
	it('a retry collects the good ones and makes the failed one anew', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ match: 'b-pair', end: { status: 'failed', code: 1403, error: 'Odd' } });
		const some = ['a', 'b', 'c'].map((mark) => ({ files: { ...ownMediaFixtures(mark) } }));
		const failed = await engine.run({ items: some });
		expect(failed.error.message).toContain('Odd');

		const execution = await engine.retry(failed);

		expect(execution.good).toHaveLength(3);
		expect(emulator.billing()).toMatchObject({ refunded: 1, paid: 3 });
	});

	it('a retry takes no job of another item for its own, although both have the seed', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ match: 'b-pair', end: { status: 'failed', code: 1403, error: 'Odd' } });
		const some = ['a', 'b'].map((mark) => ({ files: ownMediaFixtures(mark) }));
		const parameters = { options: { seed: 7 } };
		const failed = await engine.run({ items: some, parameters });
		expect(failed.error.message).toContain('Odd');

		const execution = await engine.retry(failed);

		expect(new Set(execution.good.map(({ json }) => json.id)).size).toBe(2);
		expect(emulator.billing()).toMatchObject({ submitted: 3, refunded: 1, paid: 2 });
	});

	it('an item with a URL and one with a file keep apart', async () => {
		const { emulator, engine } = testbed;
		emulator.setOptions({ readInputs: false });
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });
		const planned: RunOptions = {
			items: [
				{ json: { picture: 'https://a.test/a.png' }, files: { ...mediaFixtures, image: pair } },
				{ json: { picture: 'https://a.test/b.png' }, files: mediaFixtures },
			],
			parameters: { image: fromUrl('={{ $json.picture }}') },
		};
		const failed = await engine.run(planned);

		const execution = await engine.retry(failed);

		expect(execution.good).toHaveLength(2);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});
});
