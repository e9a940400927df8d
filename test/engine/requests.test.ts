/** What goes over the line, and services that speak an older or an odder form of the API. */
import { describe, expect, it } from '@jest/globals';
import { ownMediaFixtures } from './support/files';
import { useEngine } from './support/testbed';
import { itemsOf, limitPerMinute, refused } from './support/cases';

const { emulator, engine } = useEngine();

describe.each(['filesystem', 'memory'] as const)('files in the mode %s', (binaryData) => {
	it('go up with exactly the headers of a ticket that names no type', async () => {
		emulator.setOptions({ ticketContentType: false });

		const execution = await engine.run({
			items: [{ files: ownMediaFixtures(binaryData) }],
			binaryData,
		});

		expect(execution.failure).toBeUndefined();
		const puts = emulator.requestsTo('put');
		expect(puts).toHaveLength(3);
		for (const { headers, status, upload } of puts) {
			expect(status).toBe(200);
			expect(headers).not.toHaveProperty('content-type');
			expect(headers).not.toHaveProperty('transfer-encoding');
			expect(headers['if-none-match']).toBe('*');
			expect(headers['content-length']).toBe(String(upload?.bytes));
		}
	});

	it('go up with the type that a ticket names', async () => {
		await engine.run({ items: [{ files: ownMediaFixtures(`typed-${binaryData}`) }], binaryData });

		const types = emulator.requestsTo('put').map(({ headers }) => headers['content-type']);
		expect(types.sort()).toEqual(['audio/wav', 'audio/wav', 'image/png']);
	});
});

describe('a service of an older form', () => {
	it('that reads jobs at /predictions/{id} is asked there', async () => {
		emulator.faults.add({
			on: 'result',
			times: 'always',
			match: { url: '/result' },
			do: refused(404, 'Not found'),
		});

		const execution = await engine.run();

		expect(execution.good[0]?.json.status).toBe('completed');
		const missed = emulator.requestsTo('result').filter(({ status }) => status === 404);
		expect(missed).toHaveLength(1);
	});

	it('that takes uploads in one step gets them so', async () => {
		emulator.faults.add({ on: 'ticket', times: 'always', do: { respond: { status: 404 } } });

		const execution = await engine.run();

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('oneStep')).toHaveLength(3);
	});

	it.each(['succeeded', 'success'])('that calls a finished job %s', async (word) => {
		emulator.scriptJob({ end: { status: word } });

		const execution = await engine.run();

		expect(execution.good[0]?.json).toMatchObject({ status: word });
		expect(execution.good[0]?.json.video_url).toMatch(/^http/);
		expect(execution.good[0]?.binary).toBeDefined();
	});

	it.each(['error', 'expired'])('that calls a failed job %s', async (word) => {
		emulator.scriptJob({ end: { status: word, error: 'No face found' } });

		const execution = await engine.run();

		expect(execution.error.message).toContain('No face found');
	});
});

describe('a submission that is answered in another form', () => {
	const forms: Array<[string, unknown]> = [
		['without a status', { code: 200, data: { id: '{id}' } }],
		['with the code 0', { code: 0, message: 'ok', data: '{data}' }],
		['with the code 1400', { code: 1400, message: 'queued', data: { id: '{id}' } }],
		['with the code 429', { code: 429, message: 'slow down', data: { id: '{id}' } }],
		['without an envelope', '{data}'],
		['in a list of one', { code: 200, data: ['{data}'] }],
	];
	it.each(forms)('(%s) is paid once and collected', async (_name, rewrite) => {
		emulator.faults.add({ on: 'submit', do: { rewrite } });

		const execution = await engine.run();

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[0]?.id,
			status: 'completed',
		});
		expect(emulator.requestsTo('history')).toEqual([]);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
	});
});

it('tickets under a limit of four a minute all come in the end', async () => {
	limitPerMinute(emulator, 'ticket', 4);

	const execution = await engine.run({
		items: itemsOf('e', 'f', 'g', 'h'),
	});

	expect(execution.failure).toBeUndefined();
	expect(emulator.requestsTo('put')).toHaveLength(12);
	expect(emulator.billing()).toMatchObject({ billed: 4, paid: 4 });
});
