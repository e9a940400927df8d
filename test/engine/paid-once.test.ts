/** Jobs of the account's history with the same inputs are used instead of paying again. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SeededJob } from '../emulator/emulator';
import { MODEL_STANDARD } from '../emulator/models';
import type { Settings } from '../emulator/options';
import type { RunOptions } from './support/engine';
import { ownMediaFixtures, mediaFixtures } from './support/files';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';
import { time } from './support/time';
import { fromUrl } from './support/workflow';

const testbed = useEngine();

const DAY_S = 24 * 3600;

/** A run of a user who has not added the option Seed. */
const planned: RunOptions = {
	items: [{ files: mediaFixtures }],
	parameters: { options: { seed: undefined } },
};

/** What the node sends for {@link planned}. */
let sent: Record<string, unknown>;

beforeEach(async () => {
	// The limit of a few seconds for reading the history is one of real requests.
	time.speed = 1;
	const { emulator, engine } = testbed;
	const parameters = { ...planned.parameters, operation: 'submit' };
	// A job that runs may not be found yet, and is used again all the same.
	emulator.scriptJob({ seconds: 0, respondWhenEnded: true });
	await engine.run({ ...planned, parameters });
	sent = emulator.predictions()[0]!.body;
	// The job is gone, and what the node remembers of it does not help: only the history counts.
	await emulator.reset();
});

/** Adds a job with the same inputs, as another n8n of the same account would have made it. */
async function addEqual({ inputs = {}, ...job }: SeededJob = {}): Promise<string> {
	return await testbed.emulator.addJob({ ...job, inputs: { ...sent, ...inputs } });
}

function hintsOf(execution: Execution): string {
	return JSON.stringify(execution.run.data.resultData.runData.Video?.[0]?.hints ?? []);
}

async function expectReused(id: string, options: RunOptions = planned): Promise<Execution> {
	const { emulator, engine } = testbed;
	const execution = await engine.run(options);
	expect(execution.failure).toBeUndefined();
	expect(execution.good[0]?.json).toMatchObject({ id, status: 'completed', reused: true });
	expect(execution.good[0]?.binary?.data).toBeDefined();
	expect(hintsOf(execution)).toContain('was used again');
	expect(emulator.billing()).toMatchObject({ submitted: 0 });
	expect(emulator.requestsTo('ticket', 'oneStep')).toEqual([]);
	return execution;
}

async function expectNew(options: RunOptions = planned): Promise<Execution> {
	const { emulator, engine } = testbed;
	emulator.scriptJob({ seconds: 0, respondWhenEnded: true });
	const execution = await engine.run(options);
	expect(execution.failure).toBeUndefined();
	const id = emulator.predictions().find(({ seeded }) => !seeded)?.id;
	expect(execution.good[0]?.json).toMatchObject({ id, reused: false });
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	return execution;
}

describe('a job of the history is used', () => {
	const variants: Array<[string, Partial<Settings>]> = [
		['inputs under "inputs"', { historyInputs: 'inputs' }],
		['inputs under "input"', { historyInputs: 'input' }],
		['seeds as the server used them', { showDrawnSeed: true }],
		['a clock ten minutes ahead', { clockOffsetSeconds: 600 }],
		['a clock ten minutes behind', { clockOffsetSeconds: -600 }],
	];
	it.each(variants)('by a service with %s', async (_name, options) => {
		testbed.emulator.setOptions(options);
		const id = await addEqual();

		await expectReused(id);
	});

	it('although its files are at other addresses', async () => {
		const image = 'https://other.example/upload-of-yesterday.png';

		await expectReused(await addEqual({ inputs: { image }, ageSeconds: DAY_S }));
	});

	it('until shortly before it is deleted', async () => {
		await expectReused(await addEqual({ ageSeconds: 7 * DAY_S - 2 * 3600 }));
	});

	it('while it runs: it is waited for', async () => {
		const { emulator, engine } = testbed;
		time.speed = 100;
		const id = await addEqual({ status: 'processing' });
		const running = engine.start(planned);
		await emulator.until(() => emulator.requestsTo('result').length > 3);
		await emulator.finishAll();

		const execution = await running.done;

		expect(execution.good[0]?.json).toMatchObject({ id, status: 'completed', reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: 0 });
	});

	it('with its flag when it is flagged', async () => {
		const id = await addEqual({ script: { hasNsfwContents: [true] } });

		const execution = await expectReused(id);

		expect(execution.good[0]?.json).toMatchObject({ has_nsfw_contents: true });
		expect(hintsOf(execution)).toContain('not safe for work');
	});

	it('the newest of several, past those without a video', async () => {
		await addEqual({ ageSeconds: 3 * DAY_S });
		const id = await addEqual({ ageSeconds: DAY_S });
		const outputs = [`${testbed.emulator.origins.cdn}/gone.mp4`];
		await addEqual({ ageSeconds: 3600, script: { outputs } });

		await expectReused(id);
	});

	it('on a later page, while other clients push it further', async () => {
		const { emulator } = testbed;
		const id = await addEqual({ ageSeconds: 3600 });
		for (let other = 0; other < 250; other += 1) await emulator.addJob();
		emulator.setOptions({ historyGrowth: 30 });

		await expectReused(id);

		expect(emulator.requestsTo('history').length).toBeGreaterThan(2);
	});

	it('for several items with one look at the history', async () => {
		const { emulator, engine } = testbed;
		const id = await addEqual();
		emulator.scriptJob({ seconds: 0, respondWhenEnded: true, times: 'always' });
		const items = [
			{ files: ownMediaFixtures('a') },
			{ files: mediaFixtures },
			{ files: ownMediaFixtures('b') },
		];

		const execution = await engine.run({ ...planned, items });

		expect(execution.good.map(({ json }) => json.reused)).toEqual([false, true, false]);
		expect(execution.good[1]?.json.id).toBe(id);
		expect(emulator.requestsTo('history')).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 2 });
	});
});

describe('a job of the history is not used', () => {
	const others: Array<[string, SeededJob]> = [
		['failed', { status: 'failed', code: 5000 }],
		['was cancelled', { status: 'cancelled' }],
		['timed out at WaveSpeed', { status: 'timeout' }],
		['has another order', { inputs: { order: 'left_right' } }],
		['has another prompt', { inputs: { prompt: 'They sing' } }],
		['has another seed', { inputs: { seed: 1 } }],
		['has a random seed', { inputs: { seed: -1 } }],
		['is of another model', { model: MODEL_STANDARD }],
		['is about to be deleted', { ageSeconds: 7 * DAY_S - 1800 }],
		['is older than seven days', { ageSeconds: 7 * DAY_S + 60 }],
		['is of another account', { account: 'other' }],
	];
	it.each(others)('that %s', async (_name, job) => {
		await addEqual(job);

		await expectNew();
	});

	it('that has a random seed, which the history shows', async () => {
		testbed.emulator.setOptions({ showDrawnSeed: true });
		await addEqual({ inputs: { seed: -1 } });

		await expectNew();
	});

	it('whose inputs are not shown; a hint says so', async () => {
		testbed.emulator.setOptions({ historyInputs: 'none' });
		await addEqual();

		expect(hintsOf(await expectNew())).toContain('history shows no inputs of jobs');
	});

	it('that is not shown yet, by another process', async () => {
		testbed.emulator.setOptions({ historyLagSeconds: 60 });
		await addEqual();

		await expectNew();
	});

	it('whose video is gone', async () => {
		await addEqual({ script: { outputs: [`${testbed.emulator.origins.cdn}/gone.mp4`] } });

		const execution = await expectNew();

		expect(execution.good[0]?.binary?.data).toBeDefined();
	});

	it('beyond ten pages', async () => {
		const { emulator } = testbed;
		await addEqual({ ageSeconds: 3600 });
		for (let other = 0; other < 1_000; other += 1) await emulator.addJob();

		await expectNew();

		expect(emulator.requestsTo('history')).toHaveLength(10);
	});

	it.each([-1, 7])('with the seed %p of the user', async (seed) => {
		const { emulator } = testbed;
		await addEqual({ inputs: { seed } });

		await expectNew({ ...planned, parameters: { options: { seed } } });

		expect(emulator.predictions().at(-1)?.body.seed).toBe(seed);
		expect(emulator.requestsTo('history')).toEqual([]);
	});
});

describe('URLs', () => {
	const urls = {
		image: 'https://example.com/pair.png',
		left_audio: 'https://example.com/left.mp3',
		right_audio: 'https://example.com/right.mp3',
	};

	/** A run with {@link urls}, the voices as given. */
	function withUrls(voices: readonly [string, string], options = {}): RunOptions {
		const [left, right] = voices;
		return {
			items: [{}],
			parameters: {
				image: fromUrl(urls.image),
				leftAudio: fromUrl(left),
				rightAudio: fromUrl(right),
				options: { seed: undefined, ...options },
			},
		};
	}
	const voices = [urls.left_audio, urls.right_audio] as const;
	const swapped = [urls.right_audio, urls.left_audio] as const;

	/** A job with the {@link urls}, and with what the node sends with the given voices. */
	async function addSent(options: RunOptions): Promise<string> {
		const { emulator, engine } = testbed;
		const parameters = { ...options.parameters, operation: 'submit' };
		emulator.scriptJob({ seconds: 0, respondWhenEnded: true });
		await engine.run({ ...options, parameters });
		const { body } = emulator.predictions().at(-1)!;
		await emulator.reset();
		emulator.setOptions({ readInputs: false });
		return await emulator.addJob({ inputs: { ...body, ...urls } });
	}

	beforeEach(() => testbed.emulator.setOptions({ readInputs: false }));

	it('are found by their text', async () => {
		const id = await addSent(withUrls(voices));

		await expectReused(id, withUrls(voices));
	});

	it('are not found with the voices swapped, also under the same seed', async () => {
		await addSent(withUrls(swapped));

		await expectNew(withUrls(swapped));
	});

	it('are not looked for with a seed of the user', async () => {
		const options = withUrls(voices, { seed: 7 });
		await addSent(options);

		await expectNew(options);
	});
});

describe('a history that cannot be read', () => {
	const body = { code: 403, message: 'Your role may not read the history' };
	it.each([
		['403', { respond: { status: 403, body } }],
		['500', { respond: { status: 500 } }],
		['a web page', { respond: { status: 200, body: '<html>' } }],
		['a reset', 'reset'],
		['a stall', 'stall'],
	] as const)('costs a hint, and no item, after %s', async (_name, fault) => {
		time.idleTimeoutDivisor = 30;
		testbed.emulator.faults.add({ on: 'history', times: 'always', do: fault });

		const execution = await expectNew();

		expect(hintsOf(execution)).toContain('history could not be read');
	});

	it('is not paid for twice when the job itself cannot be read', async () => {
		const { emulator, engine } = testbed;
		const id = await addEqual();
		const respond = { status: 401, body: { code: 401, message: 'Unauthorized' } };
		emulator.faults.add({ on: 'result', match: { url: id }, do: { respond } });

		const execution = await engine.run(planned);

		expect(execution.error.message).toContain(id);
		expect(emulator.billing()).toMatchObject({ submitted: 0 });
	});
});
