/** Answers that no service should give: pages, nulls, halves, silence, traps. */
import { describe, expect, it } from '@jest/globals';
import type { FaultAction } from '../emulator/emulator';
import { mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';
import { time } from './support/time';

const testbed = useEngine();

const items = [{ files: mediaFixtures }];

function answer(body: string | object, status = 200): FaultAction {
	return { respond: { status, body } };
}

/** The trouble of one moment, which reading calls overcome. */
const moments: Array<[string, FaultAction]> = [
	['a reset', 'reset'],
	['a stall', 'stall'],
	['half an answer', 'cutBody'],
	['an answer that drips', { slow: { bytesPerSecond: 1 } }],
	['a page', answer('<html><body>Maintenance</body></html>')],
	['an empty body', answer('')],
	['null', answer('null')],
	['a list', answer('[]')],
	['a text', answer('"ok"')],
	['half of a JSON', answer('{"code":200,"data":{')],
	['no envelope', answer({ status: 'completed', id: 'abcd' })],
	['no data', answer({ code: 200, message: 'success' })],
	['data null', answer({ code: 200, message: 'success', data: null })],
	['a code that is a text', answer({ code: '200', data: {} })],
	['HTTP 502 with a page', answer('<html>502</html>', 502)],
	['HTTP 500', answer({ code: 500, message: 'oops' }, 500)],
	// Read to its end, it would be a refusal for good.
	['an answer of 17 MB', answer(`${' '.repeat(17_000_000)}{"code":400,"message":"no"}`, 400)],
];

describe('for a moment', () => {
	it.each(moments)('%s instead of a result', async (_name, fault) => {
		const { emulator, engine } = testbed;
		time.idleTimeoutDivisor = 60;
		emulator.faults.add({ on: 'result', do: fault });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(execution.good[0]?.json.status).toBe('completed');
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it.each(moments)('%s instead of a ticket', async (_name, fault) => {
		const { emulator, engine } = testbed;
		time.idleTimeoutDivisor = 60;
		emulator.faults.add({ on: 'ticket', do: fault });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('ticket')).toHaveLength(4);
		expect(emulator.requestsTo('put')).toHaveLength(3);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	const breaks: FaultAction[] = ['reset', 'resetAfterHandling', 'stall', 'stallAfterHandling'];
	it.each(breaks)('%s of the storage', async (fault) => {
		const { emulator, engine } = testbed;
		time.idleTimeoutDivisor = 60;
		emulator.faults.add({ on: 'put', do: fault });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('put')).toHaveLength(4);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('a result of another job', async () => {
		const { emulator, engine } = testbed;
		const data = { id: 'another-job', status: 'completed', outputs: ['https://a.test/1.mp4'] };
		emulator.faults.add({ on: 'result', do: answer({ code: 200, message: 'success', data }) });

		const execution = await engine.run({ items });

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[0]?.id);
	});
});

describe('a ticket that is a trap', () => {
	const upload = { method: 'PUT', url: 'https://storage.test/put', headers: {} };
	const download_url = 'https://storage.test/file';
	const traps: Array<[string, object]> = [
		['an open address to put to', { download_url, upload: { ...upload, url: 'http://a.test/' } }],
		['an open address of the file', { download_url: 'http://a.test/file', upload }],
		['a file as address', { download_url, upload: { ...upload, url: 'file:///etc/passwd' } }],
		['another method', { download_url, upload: { ...upload, method: 'POST' } }],
		['no address to put to', { download_url, upload: { method: 'PUT', headers: {} } }],
		['no upload', { download_url }],
		['no address of the file', { upload }],
	];
	it.each(traps)('%s: nothing is sent there', async (_name, data) => {
		const { emulator, engine } = testbed;
		const respond = { status: 200, body: { code: 200, message: 'success', data } };
		emulator.faults.add({ on: 'ticket', times: 'always', do: { respond } });

		const execution = await engine.run({ items });

		expect(execution.error.message).toMatch(/^Image: .*\[item 1\]$/);
		expect(emulator.requestsTo('put', 'oneStep', 'submit')).toEqual([]);
	});

	it('headers that are no texts are sent as texts', async () => {
		const { emulator, engine } = testbed;
		const data = {
			download_url: `${emulator.origins.storage}/files/0/x`,
			upload: { ...upload, url: `${emulator.origins.storage}/put/0`, headers: { 'x-a': 1 } },
		};
		const respond = { status: 200, body: { code: 200, message: 'success', data } };
		emulator.faults.add({ on: 'ticket', times: 'always', do: { respond } });
		emulator.faults.add({ on: 'put', times: 'always', do: { respond: { status: 200 } } });

		await engine.run({ items, parameters: { operation: 'submit' } });

		expect(emulator.requestsTo('put')[0]?.headers).toMatchObject({ 'x-a': '1' });
		expect(emulator.requestsTo('submit')).toHaveLength(1);
	});
});

describe('a service that is gone', () => {
	it.each(['reset', 'stall'] as const)('%s of every call fails with a sentence', async (fault) => {
		const { emulator, engine } = testbed;
		time.idleTimeoutDivisor = 100;
		emulator.faults.add({ on: '*', times: 'always', do: fault });

		const execution = await engine.run({ items });

		expect(execution.error.message).toMatch(
			/^Image: WaveSpeed did not answer: [a-z ]+ \[item 1\]$/,
		);
		expect(execution.error.description).toContain('connection');
		expect(emulator.requestsTo('submit')).toEqual([]);
	});
});
