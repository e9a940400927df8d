/** The operation Get Result, for jobs that were submitted before. */
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { JobScript } from '../emulator/emulator';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';
import { time } from './support/time';
import { fromUrl } from './support/workflow';

const suite = useEngine();
const operation = 'getResult';

beforeEach(() => suite.emulator.setOptions({ readInputs: false }));

/** Submits a job that behaves as the script says, and gives its ID. */
async function submitted(script: JobScript = {}): Promise<string> {
	suite.emulator.scriptJob(script);
	const ran = await suite.engine.run({
		items: [{}],
		parameters: {
			operation: 'submit',
			image: fromUrl('https://example.com/pair.png'),
			leftAudio: fromUrl('https://example.com/left.mp3'),
			rightAudio: fromUrl('https://example.com/right.mp3'),
		},
	});
	return String(ran.good[0]?.json.id);
}

async function getResult(json: IDataObject, parameters: INodeParameters = {}): Promise<Execution> {
	return await suite.engine.run({ items: [{ json }], parameters: { operation, ...parameters } });
}

describe('a finished job', () => {
	test('comes out with its video, like from Submit and Wait', async () => {
		const id = await submitted();
		await suite.emulator.finishJob(id);

		const ran = await getResult({ id });

		expect(ran.good[0]?.json).toMatchObject({ id, status: 'completed' });
		expect(ran.good[0]?.pairedItem).toEqual({ item: 0 });
		expect((await ran.fileIn(ran.good[0])).subarray(4, 8).toString()).toBe('ftyp');
		expect(suite.emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	test('the ID may come with spaces and from any field', async () => {
		const id = await submitted({ id: 'task' });
		await suite.emulator.finishJob(id);

		const ran = await getResult({ job: ` ${id}\n` }, { predictionId: '={{ $json.job }}' });

		expect(ran.good[0]?.json.id).toBe(id);
	});

	test('raw it has no key "error"', async () => {
		const id = await submitted();
		await suite.emulator.finishJob(id);

		const ran = await getResult({ id }, { simplify: false, downloadVideo: false });

		expect(ran.good[0]?.json).toHaveProperty('urls');
		expect(ran.good[0]?.json).not.toHaveProperty('error');
		expect(ran.good[0]?.binary).toBeUndefined();
	});
});

describe('an unfinished job', () => {
	test.each([true, false])('Return the Status (simplify: %s)', async (simplify) => {
		const id = await submitted({ seconds: 'never', statuses: ['processing'] });

		const ran = await getResult({ id }, { simplify });

		expect(ran.good[0]?.json).toMatchObject({ id, status: 'processing' });
		expect(ran.good[0]?.json).not.toHaveProperty('error');
		expect(suite.emulator.requestsTo('result')).toHaveLength(1);
	});

	test('Wait', async () => {
		const id = await submitted({ statuses: ['created', 'pending', 'queued', 'processing'] });

		const ran = await getResult({ id }, { ifNotFinished: 'wait' });

		expect(ran.good[0]?.json).toMatchObject({ id, status: 'completed' });
		expect(suite.emulator.requestsTo('result')).toHaveLength(5);
	});

	test('Fail', async () => {
		const id = await submitted({ seconds: 'never', statuses: ['processing'] });

		const ran = await getResult({ id }, { ifNotFinished: 'fail' });

		expect(ran.error.message).toContain('processing');
		expect(ran.error.message).toContain(id);
		expect(ran.error.description).toContain('Get Result');
	});

	test('a sync timeout (code 5004) is an unfinished job', async () => {
		const statuses = [{ status: 'processing', code: 5004, error: 'sync mode timed out' }];
		const id = await submitted({ seconds: 'never', statuses });

		const ran = await getResult({ id }, { simplify: false });

		expect(ran.failure).toBeUndefined();
		expect(ran.good[0]?.json).toMatchObject({ id, status: 'processing' });
		expect(ran.good[0]?.json).not.toHaveProperty('error');
	});
});

describe('a job that cannot be had', () => {
	test.each([
		['', 'Job ID is empty'],
		[null, 'Job ID is empty'],
		['../../balance', 'Job ID: "../../balance" is not the ID of a job'],
		['a b c', 'Job ID: "a b c" is not the ID of a job'],
		['{{ $json.id }}', 'Job ID: "{{ $json.id }}" is not the ID of a job'],
		[7, 'Job ID: 7 is not the ID of a job'],
	])('the ID %j is refused before anything is sent', async (id, message) => {
		const ran = await getResult({ id });

		expect(ran.error.message).toBe(`${message} [item 1]`);
		expect(ran.error.description).toContain('Connect Submit');
		expect(suite.emulator.requests).toEqual([]);
	});

	test('an unknown ID is named, with what may be the cause', async () => {
		const ran = await getResult({ id: 'unknown-job' });

		expect(ran.error.message).toBe('Prediction not found (job unknown-job) [item 1]');
		expect(ran.error.description).toContain('7 days');
		expect(ran.error).toMatchObject({ httpCode: '404' });
	});

	test('a failed job gives its sentence, code and advice', async () => {
		const end = { status: 'failed', code: 1200, error: 'Content flagged' };
		const id = await submitted({ end });
		await suite.emulator.finishJob(id);

		const ran = await getResult({ id });

		expect(ran.error.message).toBe(`Content flagged (job ${id}) [item 1]`);
		expect(ran.error.description).toContain('content check');
	});
});

describe('a service that stumbles', () => {
	test.each([429, 500, 502, 503, 504])('one HTTP %d is overcome', async (status) => {
		const id = await submitted();
		await suite.emulator.finishJob(id);
		suite.emulator.faults.add({ on: 'result', do: { respond: { status } } });

		const ran = await getResult({ id });

		expect(ran.failure).toBeUndefined();
		expect(suite.emulator.requestsTo('result')).toHaveLength(2);
	});

	test('Retry-After is obeyed', async () => {
		const id = await submitted();
		const respond = { status: 429, headers: { 'retry-after': '30' } };
		suite.emulator.faults.add({ on: 'result', do: { respond } });

		const ran = await getResult({ id });

		expect(ran.failure).toBeUndefined();
		expect(time.sleeps.map(({ ms }) => ms)).toContain(30_000);
	});

	test('one that stays down fails the item with the ID', async () => {
		const id = await submitted();
		suite.emulator.faults.add({ on: 'result', times: 'always', do: 'reset' });

		const ran = await getResult({ id });

		expect(ran.error.message).toContain(id);
		expect(suite.emulator.requestsTo('result')).toHaveLength(4);
	});
});
