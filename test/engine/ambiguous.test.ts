/** Submissions whose answer is lost: never sent again, looked up instead. */
import { describe, expect, it } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import type { FaultAction } from '../emulator/emulator';
import { pair, mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';
import { time } from './support/time';
import { fromUrl } from './support/workflow';

const testbed = useEngine();

const items = [{ files: mediaFixtures }];
const html = '<html><body>502 Bad Gateway</body></html>';
const idless = { code: 200, message: 'success', data: { status: 'created' } };

/** Answers after which nobody can say whether the job exists. */
const answers = {
	'HTTP 500': { status: 500, body: { code: 500, message: 'internal error' } },
	'HTTP 502 with a page': { status: 502, body: html },
	'HTTP 503': { status: 503 },
	'HTTP 504': { status: 504, body: { error: 'timeout' } },
	'HTTP 408': { status: 408 },
	'HTTP 200 with code 500': { status: 200, body: { code: 500, message: 'internal error' } },
	'HTTP 200 with a page': { status: 200, body: html },
	'HTTP 200 with half of its JSON': { status: 200, body: '{"code":200,"data":{"id":"ab' },
	'HTTP 200 without a body': { status: 200 },
	'HTTP 200 with null': { status: 200, body: 'null' },
	'HTTP 200 without the ID': { status: 200, body: idless },
	'HTTP 200 with an ID that is none': {
		status: 200,
		body: { ...idless, data: { id: '../balance', status: 'created' } },
	},
	'HTTP 204': { status: 204 },
};

const taken: Array<[string, FaultAction]> = [
	['a reset', 'resetAfterHandling'],
	['an answer that is cut off', 'cutBody'],
	['a stall', 'stallAfterHandling'],
	...Object.entries(answers).map(([name, respondAfterHandling]): [string, FaultAction] => [
		name,
		{ respondAfterHandling },
	]),
];

const notTaken: Array<[string, FaultAction]> = [
	['a reset', 'reset'],
	['a stall', 'stall'],
	...Object.entries(answers).map(([name, respond]): [string, FaultAction] => [name, { respond }]),
];

describe('the job exists', () => {
	it.each(taken)('after %s it is found and used', async (_name, fault) => {
		const { emulator, engine } = testbed;
		time.idleTimeoutDivisor = 30;
		emulator.faults.add({ on: 'submit', do: fault });

		const execution = await engine.run({ items });

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[0]?.id,
			status: 'completed',
		});
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
		const { hints } = execution.run.data.resultData.runData.Video![0]!;
		expect(JSON.stringify(hints)).toContain("found in WaveSpeed's history");
	});

	it('Submit gives it as well', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run({ items, parameters: { operation: 'submit' } });

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[0]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('it may appear in the history only after a while', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ hiddenFromHistoryFor: 4 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('history')).toHaveLength(5);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('the history may stumble', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		emulator.faults.add({ on: 'history', times: 3, do: { respond: { status: 502 } } });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('it has failed already', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ seconds: 0, end: { status: 'failed', code: 1403, error: 'No faces' } });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run({ items });

		expect(execution.error.message).toMatch(/^No faces \(job \w+\) \[item 1\]$/);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, refunded: 1 });
	});

	it('the search asks for this model, with inputs, and for recent jobs only', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		await engine.run({ items });

		const [search] = emulator.requestsTo('history');
		expect(search?.body).toMatchObject({
			model: 'wavespeed-ai/infinitetalk-fast/multi',
			include_inputs: true,
			page: 1,
			page_size: 100,
		});
		const after = Date.parse((search?.body as { created_after: string }).created_after);
		expect(Math.abs(after - emulator.predictions()[0]!.createdAt)).toBeLessThan(60_000);
	});
});

describe('several items', () => {
	const byUrl = {
		image: fromUrl('https://example.com/pair.png'),
		leftAudio: fromUrl('https://example.com/left.mp3'),
		rightAudio: fromUrl('https://example.com/right.mp3'),
	};

	it('equal ones whose answers are all lost have a job each', async () => {
		const { emulator, engine } = testbed;
		emulator.setOptions({ readInputs: false });
		emulator.faults.add({ on: 'submit', times: 3, do: 'resetAfterHandling' });

		const execution = await engine.run({ items: [{}, {}, {}], parameters: byUrl });

		expect(execution.failure).toBeUndefined();
		expect(new Set(execution.good.map(({ json }) => json.id)).size).toBe(3);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3, paid: 3 });
	});

	it('ones that differ by a word find their own jobs', async () => {
		const { emulator, engine } = testbed;
		emulator.setOptions({ readInputs: false });
		emulator.faults.add({ on: 'submit', times: 'always', do: 'resetAfterHandling' });

		const execution = await engine.run({
			items: ['a', 'b', 'c'].map((prompt) => ({ json: { prompt } })),
			parameters: { ...byUrl, prompt: '={{ $json.prompt }}' },
		});

		const jobs = emulator.predictions();
		const jobOf = (prompt: string) => jobs.find(({ inputs }) => inputs.prompt === prompt)?.id;
		expect(execution.good.map(({ json }) => json.id)).toEqual(['a', 'b', 'c'].map(jobOf));
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3 });
	});

	it('with jobs in the history that look alike it does not guess', async () => {
		const { emulator, engine } = testbed;
		emulator.setOptions({ readInputs: false });
		// Somebody else's execution with the same three addresses.
		await engine.run({ items: [{}], parameters: { ...byUrl, operation: 'submit' } });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run({ items: [{}], parameters: byUrl });

		expect(execution.error.message).toContain('a job may exist');
		expect(execution.error.description).toContain('2 jobs like it');
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});
});

describe('the job does not exist', () => {
	it.each(notTaken)('after %s it is not sent again', async (_name, fault) => {
		const { emulator, engine } = testbed;
		time.idleTimeoutDivisor = 30;
		emulator.faults.add({ on: 'submit', do: fault });

		const execution = await engine.run({ items, node: { onError: 'continueErrorOutput' } });

		expect(execution.bad[0]?.json).toMatchObject({
			error: {
				message: expect.stringMatching(
					/response to the submission was lost, and a job may exist: /,
				),
				step: 'submit',
				may_exist: true,
				next_step: expect.stringContaining(`with the image ${pair.name}`),
			},
		});
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
		expect(emulator.requestsTo('history').length).toBeGreaterThan(3);
	});

	const retrying: Partial<INode> = { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 };

	it('Retry On Fail only looks again', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', do: 'reset' });

		const execution = await engine.run({ items, node: { ...retrying, maxTries: 3 } });

		expect(execution.error.message).toContain('a job may exist');
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
	});

	it('Retry On Fail finds a job that appears late', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ hiddenFromHistoryFor: 8 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run({ items, node: retrying });

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[0]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('a history that cannot be read is no proof', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const body = { code: 403, message: 'Role lacks the right' };
		const respond = { status: 403, body };
		emulator.faults.add({ on: 'history', times: 'always', do: { respond } });

		const execution = await engine.run({ items, node: { ...retrying, maxTries: 2 } });

		expect(execution.error.message).toContain('a job may exist');
		expect(execution.error.description).toContain('Role lacks the right');
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('Retry execution finds it later', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ hiddenFromHistoryFor: 6 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const failed = await engine.run({ items });
		expect(failed.error.message).toContain('a job may exist');

		const execution = await engine.retry(failed);

		expect(execution.good).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});
