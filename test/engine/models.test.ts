/** The option Model, with one speaker and with two: what is sent, found and used again for each model. */
import { describe, expect, it } from '@jest/globals';
import type { Speakers } from '../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { ALL_MODELS } from '../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { rowsOf } from './support/cases';
import type { RunOptions } from './support/engine';
import { input, leftVoice, mediaFixtures, pair } from './support/files';
import { useEngine } from './support/testbed';
import { fromField } from './support/workflow';

const { emulator, engine } = useEngine();

const standard = 'wavespeed-ai/infinitetalk/multi';

/** Speakers, stored name, the API's path, and what is sent beside the inputs of all. */
const models = (['two', 'one'] as const).flatMap((speakers) =>
	Object.values(ALL_MODELS[speakers]).map(({ name, id, resolution }) => {
		const extra = resolution ? { resolution } : {};
		return [speakers, name, id, extra] as [Speakers, string, string, { resolution?: string }];
	}),
);

/** A run, by default without a seed of its own, so that jobs can be used again. */
function withModel(speakers: Speakers, model: string, seed?: number): RunOptions {
	const audio = fromField('left_audio');
	return { parameters: { speakers, audio, options: { seed, model } } };
}

describe.each(models)('with speakers: %s, the model %s', (speakers, name, path, extra) => {
	it('gets its own body, and no key more', async () => {
		const execution = await engine.run(withModel(speakers, name));

		expect(execution.failure).toBeUndefined();
		const sent = emulator.predictions()[0];
		expect(sent?.model).toBe(path);
		const { image, left_audio, right_audio, audio, seed, ...rest } = sent?.body ?? {};
		const isOne = speakers === 'one';
		expect(rest).toEqual(isOne ? extra : { order: 'meanwhile', ...extra });
		const kinds = [image, left_audio, right_audio, audio, seed].map((value) => typeof value);
		const [voice, pair] = isOne ? ['string', 'undefined'] : ['undefined', 'string'];
		expect(kinds).toEqual(['string', pair, pair, voice, 'number']);
	});

	it('has its job found after a lost answer, among equal ones of the others', async () => {
		emulator.setOptions({ readInputs: false });
		for (const [others, other] of models) {
			if (others !== speakers || other !== name) await engine.run(withModel(others, other, 7));
		}
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run(withModel(speakers, name, 7));

		const own = emulator.predictions().at(-1);
		expect(own).toMatchObject({ model: path });
		expect(execution.good[0]?.json.id).toBe(own?.id);
		expect(emulator.billing()).toMatchObject({ submitted: models.length, billed: models.length });
	});

	it('has its job used again, never one of the others', async () => {
		const ids = new Map<string, string>();
		for (const [others, other] of models) {
			const execution = await engine.run(withModel(others, other));
			ids.set(`${others} ${other}`, String(execution.good[0]?.json.id));
		}

		const execution = await engine.run(withModel(speakers, name));

		const id = ids.get(`${speakers} ${name}`);
		expect(execution.good[0]?.json).toMatchObject({ id, reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: models.length });
	});
});

describe('a mask', () => {
	const files = { ...mediaFixtures, audio: leftVoice, mask: pair };
	const masked = (model: string): RunOptions => ({
		items: [{ files }],
		parameters: { speakers: 'one', maskImage: fromField('mask'), options: { model } },
	});

	it('is sent, and makes another job', async () => {
		await engine.run(withModel('one', 'infinitetalkFast'));
		const execution = await engine.run(masked('infinitetalkFast'));

		expect(execution.failure).toBeUndefined();
		expect(emulator.predictions().map(({ body }) => typeof body.mask_image)).toEqual([
			'undefined',
			'string',
		]);
	});

	it('is refused by a model that takes none, before anything is sent', async () => {
		const execution = await engine.run(masked('longcatAvatar15'));

		expect(execution.error.message).toContain(
			'Mask Image: the model LongCat Avatar 1.5 480p does not support this input',
		);
		expect(emulator.requests).toEqual([]);
	});
});

describe('a model by expression', () => {
	it('is that of each item', async () => {
		const items = rowsOf({ model: 'infinitetalk720p' }, { model: 'infinitetalkFast' });

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

		expect(execution.error.message).toContain('Model: "best" is not one of the choices');
		expect(execution.error.description).toContain('infinitetalk720p (InfiniteTalk 720p)');
		expect(emulator.requests).toEqual([]);
	});
});

it('what there is to know about a file is said for a single speaker as well', async () => {
	const files = { image: input('k5_turned.jpg', 'image/jpeg'), audio: leftVoice };
	const execution = await engine.run({ items: [{ files }], parameters: { speakers: 'one' } });
	expect(execution.hints).toContain('is stored rotated by 90°');
});
