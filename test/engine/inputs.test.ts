/** The three media of an item, from wherever they come, and what arrives at the service. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { rowsOf, sentDigests } from './support/cases';
import { MEDIA_DIGESTS } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

const LONG = 'They talk. '.repeat(200).trim();

it.each(['submitAndWait', 'submit'])('%s uploads the three binary fields', async (operation) => {
	const execution = await engine.run({ parameters: { operation } });

	expect(execution.good).toHaveLength(1);
	expect(sentDigests(emulator)).toEqual(MEDIA_DIGESTS);
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
});

describe('the submission', () => {
	it.each<[string, INodeParameters, object]>([
		['the defaults', {}, { order: 'meanwhile', seed: -1 }],
		[
			'values by expression',
			{
				order: '={{ $json.order }}',
				prompt: '={{ $json.prompt }}',
				options: { seed: '={{ $json.seed }}' },
			},
			{ order: 'right_left', prompt: 'Hi', seed: 2147483647 },
		],
		['a blank prompt', { prompt: ' \n ' }, { order: 'meanwhile', seed: -1 }],
		['a very long prompt', { prompt: LONG }, { order: 'meanwhile', prompt: LONG, seed: -1 }],
	])('has only the documented keys: %s', async (_name, parameters, rest) => {
		const json = { order: 'right_left', prompt: 'Hi', seed: '2147483647' };

		const execution = await engine.run({ items: rowsOf(json), parameters });

		expect(execution.failure).toBeUndefined();
		expect(execution.hints.includes('Prompt: it has 2,199 characters.')).toBe(
			parameters.prompt === LONG,
		);
		const address = expect.stringContaining(emulator.origins.cdn);
		expect(emulator.requestsTo('submit')[0]?.body).toEqual({
			image: address,
			left_audio: address,
			right_audio: address,
			...rest,
		});
	});

	it('carries the callback address in the query only, whole', async () => {
		const callbackUrl = 'https://example.com/hook?a=1&b=ä #x';
		const sent = 'https://example.com/hook?a=1&b=%C3%A4%20#x';

		await engine.run({ parameters: { operation: 'submit', options: { callbackUrl } } });

		const [submission] = emulator.requestsTo('submit');
		expect(submission?.query).toEqual({ webhook: sent });
		expect(Object.keys(submission?.body as object)).not.toContain('webhook');
		expect(emulator.predictions()[0]?.webhook).toBe(sent);
	});
});
