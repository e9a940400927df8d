/** The operations about jobs that exist and about the account: Get Many, Delete, Get Balance. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { SeededJob } from '../emulator/seed';
import { TO_ERROR_OUTPUT } from './support/cases';
import type { RunOptions } from './support/engine';
import type { Execution } from './support/execution';
import { TOOL_TYPE } from './support/nodes';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

const HOUR = 3600;

const getMany = async (parameters: INodeParameters = {}, type = {}) =>
	await engine.run({
		items: [{}],
		parameters: { operation: 'getMany', ...parameters },
		node: { ...TO_ERROR_OUTPUT, ...type },
	});

async function addJobs(...jobs: SeededJob[]): Promise<string[]> {
	const added: string[] = [];
	for (const job of jobs) added.push(await emulator.addJob(job));
	return added;
}

function idsOf(execution: Execution): unknown[] {
	return execution.good.map(({ json }) => json.id);
}

/** Takes a right from the key of the tests. */
function deny(...denied: Array<'balance' | 'history'>): void {
	emulator.setOptions({ keys: { [emulator.settings.apiKey]: { denied } } });
}

describe('Get Many', () => {
	let ids: string[];

	beforeEach(async () => {
		emulator.setOptions({ retentionSeconds: 30 * 24 * HOUR });
		ids = await addJobs(
			{ ageSeconds: 8 * 24 * HOUR },
			{ ageSeconds: 30 * HOUR, status: 'failed' },
			{ ageSeconds: 20 * HOUR, inputs: { prompt: 'Two friends' }, price: 0.3 },
			{ ageSeconds: HOUR, status: 'processing' },
		);
	});

	it('lists jobs of the last seven days, newest first, paired, with at most ten fields', async () => {
		const execution = await getMany({ options: { getCharge: true } });

		expect(idsOf(execution)).toEqual([ids[3], ids[2], ids[1]]);
		expect(execution.good.map(({ pairedItem }) => pairedItem)).toEqual(Array(3).fill({ item: 0 }));
		const [running, completed] = execution.good.map(({ json }) => json);
		expect(completed).toEqual({
			id: ids[2],
			status: 'completed',
			video_url: expect.stringContaining('http'),
			model: 'wavespeed-ai/infinitetalk-fast/multi',
			prompt: 'Two friends',
			expires_at: expect.any(String),
			created_at: expect.any(String),
			has_nsfw_contents: false,
			inference_ms: null,
			charged: 0.3,
		});
		expect(running).toMatchObject({ status: 'processing', video_url: null, charged: null });
	});

	it.each<[string, INodeParameters, number[]]>([
		['status', { status: 'failed' }, [1]],
		['a time after', { createdAfter: '={{ $now.minus(24, "hours") }}' }, [3, 2]],
		['times', { createdBefore: '={{ $now.minus(2, "hours").toISO() }}', status: '' }, [2, 1]],
		['a time long ago', { createdAfter: '2020-01-01T00:00:00' }, [3, 2, 1, 0]],
	])('filters by %s', async (_what, filters, expected) => {
		expect(idsOf(await getMany({ filters }))).toEqual(expected.map((index) => ids[index]));
	});

	it('as a tool gives the selected fields, and the charge that was asked for', async () => {
		const selected = { output: 'selected', fields: ['prompt'], options: { getCharge: true } };

		const { good } = await getMany(selected, { type: TOOL_TYPE });

		expect(good[1]?.json).toEqual({ id: ids[2], prompt: 'Two friends', charged: 0.3 });
	});

	it('a service that stumbles is overcome; a right that is missing is named', async () => {
		emulator.faults.add({ on: 'history', do: { respond: { status: 503 } } });
		expect((await getMany()).good).toHaveLength(3);

		deny('history');
		expect((await getMany()).errors).toMatchObject([
			{
				message: expect.stringContaining('Permission denied'),
				step: 'list',
				error_code: 'PERMISSION_DENIED',
			},
		]);
	});
});

it('Get Many filters by model, and by its resolution', async () => {
	const model = 'wavespeed-ai/infinitetalk/multi';
	const [fast, unnamed, low, high] = await addJobs(
		{},
		{ model },
		{ model, inputs: { resolution: '480p' } },
		{ model, inputs: { resolution: '720p' } },
	);
	const ofModel = async (name: string) =>
		new Set(idsOf(await getMany({ filters: { model: name }, limit: 2 })));

	expect(await ofModel('infinitetalkFast')).toEqual(new Set([fast]));
	expect(await ofModel('infinitetalk480p')).toEqual(new Set([unnamed, low]));
	expect(await ofModel('infinitetalk720p')).toEqual(new Set([high]));
});

it('Get Many reads jobs page by page, all or as many as the limit, and all charges however many requests fail', async () => {
	const added = await addJobs(
		...Array.from({ length: 230 }, (_each, ageSeconds) => ({ ageSeconds, price: 0.5 })),
	);
	for (const skip of [0, 2, 3, 4]) {
		emulator.faults.add({ on: 'billings', skip, do: { respond: { status: 503 } } });
	}

	const all = await getMany({ returnAll: true, options: { getCharge: true } });
	expect(new Set(idsOf(all))).toEqual(new Set(added));
	for (const { json } of all.good) expect(json.charged).toBe(0.5);
	expect(idsOf(await getMany({ limit: 120 }))).toEqual(added.slice(0, 120));
	expect(emulator.requestsTo('history')).toHaveLength(5);
});

it('Delete deletes for good, by ID and by link, and stops nothing else', async () => {
	const [gone, linked, kept] = await addJobs({}, {}, {});
	const link = `https://api.wavespeed.ai/api/v3/predictions/${linked}/result`;

	const { good } = await engine.run({
		items: [{ json: { job: gone! } }, { json: { job: link } }],
		parameters: { operation: 'delete', predictionId: '={{ $json.job }}' },
	});

	expect(good.map(({ json }) => json)).toEqual([{ deleted: true }, { deleted: true }]);
	expect(idsOf(await getMany())).toEqual([kept]);
});

describe('Get Balance', () => {
	const planned: RunOptions = {
		items: [{}, {}, {}],
		parameters: { resource: 'account', operation: 'getBalance' },
	};

	it('asks once, and answers each item', async () => {
		emulator.setOptions({ balance: 12.5 });

		const { good } = await engine.run(planned);

		const answer = { balance: 12.5, currency: 'USD' };
		expect(good.map(({ json }) => json)).toEqual([answer, answer, answer]);
		expect(emulator.requestsTo('balance')).toHaveLength(1);
	});

	it('a key without the right is told so: no wrong key, and no lack of money', async () => {
		deny('balance');

		const { errors } = await engine.run({ ...planned, node: TO_ERROR_OUTPUT });

		expect(errors[0]).toMatchObject({
			message: 'Permission denied: this API key has no right to balance [item 1]',
			step: 'balance',
			error_code: 'PERMISSION_DENIED',
			next_step: expect.stringContaining('This API key lacks a permission (PERMISSION_DENIED)'),
		});
	});
});
