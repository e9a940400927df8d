/** The operation Get Result, for jobs that were submitted before. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { JobScript } from '../emulator/emulator';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';
import { time } from './support/time';
import { fromUrl } from './support/workflow';

const testbed = useEngine();
const operation = 'getResult';

beforeEach(() => testbed.emulator.setOptions({ readInputs: false }));

/** Submits a job that behaves as the script says, and gives its ID. */
async function submitted(script: JobScript = {}): Promise<string> {
	testbed.emulator.scriptJob(script);
	const execution = await testbed.engine.run({
		items: [{}],
		parameters: {
			operation: 'submit',
			image: fromUrl('https://example.com/pair.png'),
			leftAudio: fromUrl('https://example.com/left.mp3'),
			rightAudio: fromUrl('https://example.com/right.mp3'),
		},
	});
	return String(execution.good[0]?.json.id);
}

async function getResult(json: IDataObject, parameters: INodeParameters = {}): Promise<Execution> {
	return await testbed.engine.run({ items: [{ json }], parameters: { operation, ...parameters } });
}

describe('a finished job', () => {
	it('comes out with its video, like from Submit and Wait', async () => {
		const id = await submitted();
		await testbed.emulator.finishJob(id);

		const execution = await getResult({ id });

		expect(execution.good[0]?.json).toMatchObject({ id, status: 'completed' });
		expect(execution.good[0]?.pairedItem).toEqual({ item: 0 });
		expect((await execution.fileIn(execution.good[0])).subarray(4, 8).toString()).toBe('ftyp');
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('the ID may come with spaces and from any field', async () => {
		const id = await submitted({ id: 'task' });
		await testbed.emulator.finishJob(id);

		const execution = await getResult({ job: ` ${id}\n` }, { predictionId: '={{ $json.job }}' });

		expect(execution.good[0]?.json.id).toBe(id);
	});

	it.each([
		['list', (id: string) => id],
		['url', (id: string) => `https://api.wavespeed.ai/api/v3/predictions/${id}/result`],
		['id', () => '={{ $json.id }}'],
	])('the field Job ID in mode %s', async (mode, value) => {
		const id = await submitted();
		await testbed.emulator.finishJob(id);

		const execution = await getResult(
			{ id },
			{ predictionId: { __rl: true, mode, value: value(id) } },
		);

		expect(execution.good[0]?.json.id).toBe(id);
	});

	it.each<[string, INodeParameters]>([
		['waited for', { ifNotFinished: 'wait' }],
		['read once', { ifNotFinished: 'returnStatus' }],
		['raw', { simplify: false }],
	])('Get Charge adds what it was charged, less refunds: %s', async (_how, parameters) => {
		const [id, ownPrice] = [await submitted(), 0.075];
		await testbed.emulator.finishJob(id);

		const execution = await getResult({ id }, { ...parameters, options: { getCharge: true } });

		expect(execution.good[0]?.json).toMatchObject({ id, charged: ownPrice });
		expect(Object.keys(execution.good[0]?.json ?? {}).length).toBeLessThanOrEqual(10);
	});

	it('raw it has no key "error"', async () => {
		const id = await submitted();
		await testbed.emulator.finishJob(id);

		const execution = await getResult({ id }, { simplify: false, downloadVideo: false });

		expect(execution.good[0]?.json).toHaveProperty('urls');
		expect(execution.good[0]?.json).not.toHaveProperty('error');
		expect(execution.good[0]?.binary).toBeUndefined();
	});
});

describe('an unfinished job', () => {
	it.each([true, false])('Return the Status (simplify: %s)', async (simplify) => {
		const id = await submitted({ seconds: 'never', statuses: ['processing'] });

		const execution = await getResult({ id }, { simplify });

		expect(execution.good[0]?.json).toMatchObject({ id, status: 'processing' });
		expect(execution.good[0]?.json).not.toHaveProperty('error');
		expect(testbed.emulator.requestsTo('result')).toHaveLength(1);
	});

	it('Wait', async () => {
		const id = await submitted({ statuses: ['created', 'pending', 'queued', 'processing'] });

		const execution = await getResult({ id }, { ifNotFinished: 'wait' });

		expect(execution.good[0]?.json).toMatchObject({ id, status: 'completed' });
		expect(testbed.emulator.requestsTo('result')).toHaveLength(5);
	});

	it('Fail', async () => {
		const id = await submitted({ seconds: 'never', statuses: ['processing'] });

		const execution = await getResult({ id }, { ifNotFinished: 'fail' });

		expect(execution.error.message).toContain('processing');
		expect(execution.error.message).toContain(id);
		expect(execution.error.description).toContain('Get Result');
	});

	it('a sync timeout (code 5004) is an unfinished job', async () => {
		const statuses = [{ status: 'processing', code: 5004, error: 'sync mode timed out' }];
		const id = await submitted({ seconds: 'never', statuses });

		const execution = await getResult({ id }, { simplify: false });

		expect(execution.failure).toBeUndefined();
		expect(execution.good[0]?.json).toMatchObject({ id, status: 'processing' });
		expect(execution.good[0]?.json).not.toHaveProperty('error');
	});
});

describe('a job that cannot be had', () => {
	it.each([
		['', 'Job ID is empty'],
		[null, 'Job ID is empty'],
		['../../balance', 'Job ID: "../../balance" is not the ID of a job'],
		['a b c', 'Job ID: "a b c" is not the ID of a job'],
		['{{ $json.id }}', 'Job ID: "{{ $json.id }}" is not the ID of a job'],
		[7, 'Job ID: 7 is not the ID of a job'],
	])('the ID %j is refused before anything is sent', async (id, message) => {
		const execution = await getResult({ id });

		expect(execution.error.message).toBe(`${message} [item 1]`);
		expect(execution.error.description).toContain('choose a job from the list');
		expect(testbed.emulator.requests).toEqual([]);
	});

	it('an unknown ID is named, with what may be the cause', async () => {
		const execution = await getResult({ id: 'unknown-job' });

		expect(execution.error.message).toBe('Prediction not found (job unknown-job) [item 1]');
		expect(execution.error.description).toContain('7 days');
		expect(execution.error).toMatchObject({ httpCode: '404' });
	});

	it('a failed job gives its sentence, code and advice', async () => {
		const end = { status: 'failed', code: 1200, error: 'Content flagged' };
		const id = await submitted({ end });
		await testbed.emulator.finishJob(id);

		const execution = await getResult({ id });

		expect(execution.error.message).toBe(`Content flagged (job ${id}) [item 1]`);
		expect(execution.error.description).toContain('content check');
	});
});

describe('a service that stumbles', () => {
	it.each([429, 500, 502, 503, 504])('one HTTP %d is overcome', async (status) => {
		const id = await submitted();
		await testbed.emulator.finishJob(id);
		testbed.emulator.faults.add({ on: 'result', do: { respond: { status } } });

		const execution = await getResult({ id });

		expect(execution.failure).toBeUndefined();
		expect(testbed.emulator.requestsTo('result')).toHaveLength(2);
	});

	it('Retry-After is obeyed', async () => {
		const id = await submitted();
		const respond = { status: 429, headers: { 'retry-after': '30' } };
		testbed.emulator.faults.add({ on: 'result', do: { respond } });

		const execution = await getResult({ id });

		expect(execution.failure).toBeUndefined();
		expect(time.sleeps.map(({ ms }) => ms)).toContain(30_000);
	});

	it('one that stays down fails the item with the ID', async () => {
		const id = await submitted();
		testbed.emulator.faults.add({ on: 'result', times: 'always', do: 'reset' });

		const execution = await getResult({ id });

		expect(execution.error.message).toContain(id);
		expect(testbed.emulator.requestsTo('result')).toHaveLength(4);
	});
});
