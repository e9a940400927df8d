/** What goes over the line, and services that speak an older or an odder form of the API. */
import { describe, expect, it } from '@jest/globals';
import { refused } from './support/cases';
import { ownMediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

describe.each(['filesystem', 'memory'] as const)('files in the mode %s', (binaryData) => {
	it.each([
		['with exactly the headers of a ticket that names no type', false, [undefined]],
		['with the type that a ticket names', true, ['audio/wav', 'audio/wav', 'image/png']],
	])('go up %s', async (mark, ticketContentType, types) => {
		emulator.setOptions({ ticketContentType });

		await engine.run({ items: [{ files: ownMediaFixtures(`${mark} ${binaryData}`) }], binaryData });

		const puts = emulator.requestsTo('put');
		expect(puts).toHaveLength(3);
		for (const { headers, status, upload } of puts) {
			expect(status).toBe(200);
			expect(headers).not.toHaveProperty('transfer-encoding');
			expect(headers['if-none-match']).toBe('*');
			expect(headers['content-length']).toBe(String(upload?.bytes));
		}
		const sent = puts.map(({ headers }) => headers['content-type']).sort();
		expect(sent).toEqual(ticketContentType ? types : Array(3).fill(undefined));
	});
});

describe('a service of an older form', () => {
	it('that reads jobs at /predictions/{id} is asked there', async () => {
		const match = { url: '/result' };
		emulator.faults.add({ on: 'result', times: 'always', match, do: refused(404, 'Not found') });

		const execution = await engine.run();

		expect(execution.good[0]?.json.status).toBe('completed');
		const missed = emulator.requestsTo('result').filter(({ status }) => status === 404);
		expect(missed).toHaveLength(1);
	});

	it('that calls a finished job by another word', async () => {
		emulator.scriptJob({ end: { status: 'succeeded' } });

		const execution = await engine.run();

		expect(execution.good[0]?.json).toMatchObject({ status: 'succeeded' });
		expect(execution.good[0]?.json.video_url).toMatch(/^http/);
		expect(execution.good[0]?.binary).toBeDefined();
	});
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
