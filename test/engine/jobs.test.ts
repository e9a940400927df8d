/** The operations about jobs that exist and about the account: Get Many, Delete, Get Balance. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { SeededJob } from '../emulator/seed';
import type { Execution } from './support/execution';
import { NODE_TYPE } from '../testbed/video-node';
import { TOOL_TYPE } from './support/nodes';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

const HOUR = 3600;

async function run(
	operation: string,
	parameters: INodeParameters = {},
	items = 1,
	type = NODE_TYPE,
) {
	const resource = operation === 'getBalance' ? 'account' : 'video';
	return await engine.run({
		items: Array.from({ length: items }, (_each, index) => ({ json: { index } })),
		parameters: { resource, operation, ...parameters },
		node: { onError: 'continueErrorOutput', type },
	});
}

async function addJobs(...jobs: SeededJob[]): Promise<string[]> {
	const added: string[] = [];
	for (const job of jobs) added.push(await emulator.addJob(job));
	return added;
}

function idsOf(execution: Execution): unknown[] {
	return execution.good.map(({ json }) => json.id);
}

/** Takes a right from the key of the tests. */
function deny(...denied: Array<'balance' | 'billings' | 'delete' | 'history'>): void {
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
		const execution = await run('getMany', { options: { getCharge: true } });

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
		expect(idsOf(await run('getMany', { filters }))).toEqual(expected.map((index) => ids[index]));
	});

	it.each([
		['Status', { filters: { status: 'done' } }, '"done" is not one of the choices'],
		['Created After', { filters: { createdAfter: 'yesterday' } }, '"yesterday" is not a date'],
		['Limit', { limit: 0 }, '0 is not a whole number of at least 1'],
		['Return All', { returnAll: '={{ "all" }}' }, '"all" is not true or false'],
		['Simplify', { simplify: '={{ "a bit" }}' }, '"a bit" is not true or false'],
		['Get Charge', { options: { getCharge: '={{ [] }}' } }, '[] is not true or false'],
	])('refuses a wrong %s before anything is sent', async (label, parameters, sentence) => {
		const execution = await run('getMany', parameters);

		expect(execution.errors[0]?.message).toBe(`${label}: ${sentence} [item 1]`);
		expect(emulator.requests).toEqual([]);
	});

	it('without Simplify gives the jobs as the service does', async () => {
		const execution = await run('getMany', { simplify: false, limit: 1 });

		expect(execution.good).toHaveLength(1);
		expect(execution.good[0]?.json).toMatchObject({ id: ids[3], urls: {}, outputs: [] });
	});

	it('as a tool gives the selected fields, and the charge that was asked for', async () => {
		const selected = { output: 'selected', fields: ['prompt'], options: { getCharge: true } };

		const execution = await run('getMany', selected, 1, TOOL_TYPE);

		expect(execution.good[1]?.json).toEqual({ id: ids[2], prompt: 'Two friends', charged: 0.3 });
	});

	it('a bill that may not be read is told, and is no failure', async () => {
		deny('billings');

		const execution = await run('getMany', { limit: 1, options: { getCharge: true } });

		expect(execution.good[0]?.json.charged).toBeNull();
		expect(execution.hints).toContain('Could not get the charges: Permission denied');
	});

	it('charges of many jobs are read although many requests fail', async () => {
		await addJobs(...Array.from({ length: 220 }, () => ({ ageSeconds: 60, price: 0.5 })));
		for (const skip of [0, 2, 3, 4]) {
			emulator.faults.add({ on: 'billings', skip, do: { respond: { status: 503 } } });
		}

		const execution = await run('getMany', { returnAll: true, options: { getCharge: true } });

		expect(execution.good.filter(({ json }) => json.charged === 0.5)).toHaveLength(220);
		expect(execution.hints).not.toContain('could not be read');
	});

	it('a service that stumbles is overcome; a right that is missing is named', async () => {
		emulator.faults.add({ on: 'history', do: { respond: { status: 503 } } });
		expect((await run('getMany')).good).toHaveLength(3);

		deny('history');
		const [failed] = (await run('getMany')).errors;
		expect(failed?.message).toContain('Permission denied');
		expect(failed).toMatchObject({ step: 'list', error_code: 'PERMISSION_DENIED' });
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
	const ofModel = async (name: string) => {
		return new Set(idsOf(await run('getMany', { filters: { model: name }, limit: 2 })));
	};

	expect(await ofModel('infinitetalkFast')).toEqual(new Set([fast]));
	expect(await ofModel('infinitetalk480p')).toEqual(new Set([unnamed, low]));
	expect(await ofModel('infinitetalk720p')).toEqual(new Set([high]));
	expect((await run('getMany', { filters: { model: 'x' } })).errors).toMatchObject([
		{ message: 'Model: "x" is not one of the choices [item 1]' },
	]);
});

it('Get Many reads page by page: all, or as many as the limit', async () => {
	const added = await addJobs(
		...Array.from({ length: 230 }, (_each, age) => ({ ageSeconds: age })),
	);

	expect(new Set(idsOf(await run('getMany', { returnAll: true })))).toEqual(new Set(added));
	expect(idsOf(await run('getMany', { limit: 120 }))).toEqual(added.slice(0, 120));
	const sizes = emulator.requestsTo('history').map(({ body }) => body);
	expect(sizes).toHaveLength(5);
});

describe('Delete', () => {
	it('deletes for good, by ID and by link, and stops nothing else', async () => {
		const [gone, linked, kept] = await addJobs({}, {}, {});
		const link = `https://api.wavespeed.ai/api/v3/predictions/${linked}/result`;
		const value = `={{ [${JSON.stringify(gone)}, ${JSON.stringify(link)}][$json.index] }}`;

		const execution = await run('delete', { predictionId: { __rl: true, mode: 'id', value } }, 2);

		expect(execution.good.map(({ json }) => json)).toEqual([{ deleted: true }, { deleted: true }]);
		expect(idsOf(await run('getMany'))).toEqual([kept]);
	});
});

describe('Get Balance', () => {
	it('asks once, and answers each item', async () => {
		emulator.setOptions({ balance: 12.5 });

		const execution = await run('getBalance', {}, 3);

		expect(execution.good.map(({ json }) => json)).toEqual(
			Array(3).fill({ balance: 12.5, currency: 'USD' }),
		);
		expect(emulator.requestsTo('balance')).toHaveLength(1);
	});

	it('a key without the right is told so: no wrong key, and no lack of money', async () => {
		deny('balance');

		const [failed] = (await run('getBalance')).errors;

		expect(failed?.message).toBe(
			'Permission denied: this API key has no right to balance [item 1]',
		);
		expect(failed).toMatchObject({
			step: 'balance',
			error_code: 'PERMISSION_DENIED',
			next_step: expect.stringContaining('This API key lacks a permission (PERMISSION_DENIED)'),
		});
	});
});
