/** The option Model, with one speaker and with two: what is sent, found and used again for each model. */
import { describe, expect, it } from '@jest/globals';
import { ALL_MODELS } from '../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { rowsOf } from './support/cases';
import type { RunOptions } from './support/engine';
import { input, leftVoice, mediaFixtures, pair } from './support/files';
import { useEngine } from './support/testbed';
import { fromField } from './support/workflow';

const { emulator, engine } = useEngine();

/** Every model with one speaker and with two: the API's path, and what is sent beside the inputs of all. */
const models = (['two', 'one'] as const).flatMap((speakers) =>
	Object.values(ALL_MODELS[speakers]).map(({ name, id, resolution }) => {
		return { speakers, name, path: id, extra: resolution ? { resolution } : {} };
	}),
);

/** A run, by default without a seed of its own, so that jobs can be used again. */
async function runWith({ speakers, name }: (typeof models)[number], seed?: number) {
	const parameters = { speakers, audio: fromField('left_audio'), options: { seed, model: name } };
	const execution = await engine.run({ parameters });
	expect(execution.failure).toBeUndefined();
	return execution.good[0]!.json;
}

it.each(models)(
	'with speakers: $speakers, $name gets its own body, and no key more',
	async (model) => {
		await runWith(model);

		const [sent] = emulator.predictions();
		expect(sent?.model).toBe(model.path);
		const media = model.speakers === 'one' ? ['audio'] : ['left_audio', 'right_audio'];
		const address = expect.stringContaining('http');
		expect(sent?.body).toEqual({
			...Object.fromEntries(['image', ...media].map((key) => [key, address])),
			...(model.speakers === 'two' && { order: 'meanwhile' }),
			seed: expect.any(Number),
			...model.extra,
		});
	},
);

describe('among equal jobs of the other models', () => {
	it('each model has its job found after a lost answer', async () => {
		emulator.setOptions({ readInputs: false });
		for (const model of models) {
			emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

			const { id } = await runWith(model, 7);

			expect(emulator.predictions().at(-1)).toMatchObject({ id, model: model.path });
		}
		const { length } = models;
		expect(emulator.billing()).toMatchObject({ submitted: length, billed: length });
	});

	it('each model has its job used again, never one of the others', async () => {
		const ids: unknown[] = [];
		for (const model of models) ids.push((await runWith(model)).id);

		for (const [index, model] of models.entries()) {
			expect(await runWith(model)).toMatchObject({ id: ids[index], reused: true });
		}
		expect(emulator.billing()).toMatchObject({ submitted: models.length });
	});
});

describe('a mask', () => {
	const masked = (model: string): RunOptions => ({
		items: [{ files: { ...mediaFixtures, audio: leftVoice, mask: pair } }],
		parameters: { speakers: 'one', maskImage: fromField('mask'), options: { model } },
	});

	it('is sent, and makes another job', async () => {
		await runWith(models.find(({ speakers }) => speakers === 'one')!);
		const execution = await engine.run(masked('infinitetalkFast'));

		expect(execution.failure).toBeUndefined();
		const masks = emulator.predictions().map(({ body }) => typeof body.mask_image);
		expect(masks).toEqual(['undefined', 'string']);
	});

	it('is refused by a model that takes none, before anything is sent', async () => {
		const execution = await engine.run(masked('longcatAvatar15'));

		expect(execution.error.message).toContain(
			'Mask Image: the model LongCat Avatar 1.5 480p does not support this input',
		);
		expect(emulator.requests).toEqual([]);
	});
});

it('a model by expression is that of each item', async () => {
	const items = rowsOf({ model: 'infinitetalk720p' }, { model: 'infinitetalkFast' });
	await engine.run({ items, parameters: { options: { model: '={{ $json.model }}' } } });

	const sent = emulator.predictions().map(({ model, body }) => `${model} ${body.resolution}`);
	expect(sent.sort()).toEqual([
		'wavespeed-ai/infinitetalk-fast/multi undefined',
		'wavespeed-ai/infinitetalk/multi 720p',
	]);
});

it('what there is to know about a file is said for a single speaker as well', async () => {
	const files = { image: input('k5_turned.jpg', 'image/jpeg'), audio: leftVoice };
	const execution = await engine.run({ items: [{ files }], parameters: { speakers: 'one' } });
	expect(execution.hints).toContain('is stored rotated by 90°');
});
