/** What goes over the line, and services that speak an odder form of the API. */
import { expect, it } from '@jest/globals';
import { ownMediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

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
