/** The operation Get Result, for jobs that were submitted before. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { JobScript } from '../emulator/emulator';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();
const operation = 'getResult';

beforeEach(() => emulator.setOptions({ readInputs: false }));

/** Submits a job that behaves as the script says, and gives its ID. */
async function submitted(script: JobScript = {}): Promise<string> {
	emulator.scriptJob(script);
	const { good } = await engine.run({ parameters: { operation: 'submit' } });
	const id = String(good[0]?.json.id);
	if (script.seconds !== 'never') await emulator.finishJob(id);
	return id;
}

async function getResult(id: IDataObject[string], more: INodeParameters = {}): Promise<Execution> {
	return await engine.run({ items: [{ json: { id } }], parameters: { operation, ...more } });
}

it('a finished job comes out with its video, like from Submit and Wait', async () => {
	const id = await submitted();

	const execution = await getResult(id);

	expect(execution.good[0]?.json).toMatchObject({ id, status: 'completed' });
	expect(execution.good[0]?.pairedItem).toEqual({ item: 0 });
	expect((await execution.fileIn(execution.good[0])).subarray(4, 8).toString()).toBe('ftyp');
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
});

it.each([
	['list', (id: string) => id],
	['url', (id: string) => `https://api.wavespeed.ai/api/v3/predictions/${id}/result`],
	['id', () => '={{ $json.id }}'],
])('the field Job ID in mode %s', async (mode, value) => {
	const id = await submitted();

	const { good } = await getResult(id, { predictionId: { __rl: true, mode, value: value(id) } });

	expect(good[0]?.json.id).toBe(id);
});

it.each<[string, INodeParameters]>([
	['waited for', { ifNotFinished: 'wait' }],
	['read once', { ifNotFinished: 'returnStatus' }],
	['raw', { simplify: false, downloadVideo: false }],
])('Get Charge adds what it was charged, less refunds: %s', async (how, parameters) => {
	const id = await submitted();

	const { good } = await getResult(id, { ...parameters, options: { getCharge: true } });

	const [{ json, binary } = {}] = good;
	expect(json).toMatchObject({ id, charged: 0.075 });
	expect(Object.keys(json ?? {}).length).toBeLessThanOrEqual(10);
	expect(json).not.toHaveProperty('error');
	expect([Boolean(json?.urls), Boolean(binary)]).toEqual([how === 'raw', how !== 'raw']);
});

describe('If Not Finished', () => {
	it.each([true, false])('Return the Status (simplify: %s)', async (simplify) => {
		const id = await submitted({ seconds: 'never' });

		const { good } = await getResult(id, { simplify });

		expect(good[0]?.json).toMatchObject({ id, status: 'processing' });
		expect(good[0]?.json).not.toHaveProperty('error');
		expect(emulator.requestsTo('result')).toHaveLength(1);
	});

	it('Wait', async () => {
		const id = await submitted({ statuses: ['created', 'pending', 'queued', 'processing'] });

		const { good } = await getResult(id, { ifNotFinished: 'wait' });

		expect(good[0]?.json).toMatchObject({ id, status: 'completed' });
		expect(emulator.requestsTo('result')).toHaveLength(5);
	});

	it('Fail', async () => {
		const id = await submitted({ seconds: 'never' });

		const { error } = await getResult(id, { ifNotFinished: 'fail' });

		expect(error.message).toContain('processing');
		expect(error.message).toContain(id);
		expect(error.description).toContain('Get Result');
	});
});

it.each([
	[null, 'Job ID is empty'],
	['../../balance', 'Job ID: "../../balance" is not a job ID'],
	[7, 'Job ID: 7 is not a job ID'],
])('the ID %j is refused before anything is sent', async (id, message) => {
	const { error } = await getResult(id);

	expect(error.message).toBe(`${message} [item 1]`);
	expect(error.description).toContain('choose a job from the list');
	expect(emulator.requests).toEqual([]);
});
