/** The option Model: what is sent, found and used again for each model. */
import { describe, expect, it } from '@jest/globals';
import { MODELS } from '../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type { RunOptions } from './support/engine';
import { mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

const standard = 'wavespeed-ai/infinitetalk/multi';

/** Stored name, the API's path, and what is sent beside the inputs of all. */
const models = Object.values(MODELS).map(({ name, id, resolution }) => {
	return [name, id, resolution ? { resolution } : {}] as [string, string, { resolution?: string }];
});

/** A run without a seed of its own, so that jobs can be used again. */
function withModel(model: string): RunOptions {
	const options = { seed: undefined, model };
	return { parameters: { options } };
}

describe.each(models)('%s', (name, path, extra) => {
	it('gets its own body, and no key more', async () => {
		const execution = await engine.run(withModel(name));

		expect(execution.failure).toBeUndefined();
		const sent = emulator.predictions()[0];
		expect(sent?.model).toBe(path);
		const { image, left_audio, right_audio, seed, ...rest } = sent?.body ?? {};
		expect(rest).toEqual({ order: 'meanwhile', ...extra });
		expect([image, left_audio, right_audio, seed].map((value) => typeof value)).toEqual([
			'string',
			'string',
			'string',
			'number',
		]);
	});

	it('has its job found after a lost answer, among equal ones of the others', async () => {
		emulator.setOptions({ readInputs: false });
		const run = async (model: string) =>
			await engine.run({ parameters: { options: { seed: 7, model } } });
		for (const [other] of models) {
			if (other !== name) await run(other);
		}
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await run(name);

		const own = emulator.predictions().at(-1);
		expect(own).toMatchObject({ model: path });
		expect(execution.good[0]?.json.id).toBe(own?.id);
		expect(emulator.billing()).toMatchObject({ submitted: models.length, billed: models.length });
	});

	it('has its job of the history used again, never one of the others', async () => {
		await engine.run(withModel(name));
		const sent = emulator.predictions()[0]?.inputs;
		await emulator.reset();
		const ids = new Map<string, string>();
		for (const [other, model, { resolution }] of models) {
			const inputs = { ...sent, ...(resolution && { resolution }) };
			ids.set(other, await emulator.addJob({ model, inputs }));
		}

		const execution = await engine.run(withModel(name));

		expect(execution.good[0]?.json).toMatchObject({ id: ids.get(name), reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: 0 });
		expect(emulator.requestsTo('history')[0]?.body).toMatchObject({ model: path });
	});
});

describe('a model by expression', () => {
	it('is that of each item', async () => {
		const items = [{ model: 'infinitetalk720p' }, { model: 'infinitetalkFast' }].map((json) => ({
			json,
			files: mediaFixtures,
		}));

		await engine.run({ items, parameters: { options: { model: '={{ $json.model }}' } } });

		expect(emulator.predictions().map(({ model, body }) => [model, body.resolution])).toEqual(
			expect.arrayContaining([
				[standard, '720p'],
				['wavespeed-ai/infinitetalk-fast/multi', undefined],
			]),
		);
	});

	it('that is not known costs nothing', async () => {
		const execution = await engine.run({ parameters: { options: { model: '={{ "best" }}' } } });

		expect(execution.error.message).toContain('Model: "best" is not known');
		expect(execution.error.description).toContain('infinitetalk720p (InfiniteTalk 720p)');
		expect(emulator.requests).toEqual([]);
	});
});
