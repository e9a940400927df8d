/** What goes over the line, and services that speak an odder form of the API. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { rowsOf } from './support/cases';
import { ownMediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

const LONG = 'They talk. '.repeat(200).trim();

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

it.each([
	['with exactly the headers of a ticket that names no type', false, Array(3).fill(undefined)],
	['with the type that a ticket names', true, ['audio/wav', 'audio/wav', 'image/png']],
])('files go up %s', async (mark, ticketContentType, types) => {
	emulator.setOptions({ ticketContentType });

	await engine.run({ items: [{ files: ownMediaFixtures(mark) }] });

	const puts = emulator.requestsTo('put');
	expect(puts).toHaveLength(3);
	for (const { headers, status, upload } of puts) {
		expect(status).toBe(200);
		expect(headers).not.toHaveProperty('transfer-encoding');
		expect(headers['if-none-match']).toBe('*');
		expect(headers['content-length']).toBe(String(upload?.bytes));
	}
	expect(puts.map(({ headers }) => headers['content-type']).sort()).toEqual(types);
});

it.each<[string, unknown]>([
	['without a status', { code: 200, data: { id: '{id}' } }],
	['with the code 0', { code: 0, message: 'ok', data: '{data}' }],
	['with the code 429', { code: 429, message: 'slow down', data: { id: '{id}' } }],
	['without an envelope', '{data}'],
	['in a list of one', { code: 200, data: ['{data}'] }],
])('a submission that is answered %s is paid once and collected', async (_name, rewrite) => {
	emulator.faults.add({ on: 'submit', do: { rewrite } });

	const execution = await engine.run();

	const { id } = emulator.predictions()[0]!;
	expect(execution.good[0]?.json).toMatchObject({ id, status: 'completed' });
	expect(emulator.requestsTo('history')).toEqual([]);
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
});
