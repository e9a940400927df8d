/** Submissions whose answer is lost: never sent again, looked up instead. */
import { describe, expect, it } from '@jest/globals';
import type { FaultAction } from '../emulator/emulator';
import { useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

const html = '<html><body>502 Bad Gateway</body></html>';
const idless = { code: 200, message: 'success', data: { status: 'created' } };

/** Answers after which nobody can say whether the job exists. */
const answers = {
	'HTTP 502 with a page': { status: 502, body: html },
	'HTTP 200 with code 500': { status: 200, body: { code: 500, message: 'internal error' } },
	'HTTP 200 without the ID': { status: 200, body: idless },
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
		time.limitsPass = true;
		emulator.faults.add({ on: 'submit', do: fault });

		const execution = await engine.run();

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[0]?.id,
			status: 'completed',
		});
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
		expect(execution.hints).toContain("found in WaveSpeed's history");
	});

	it('it has failed already', async () => {
		emulator.scriptJob({ seconds: 0, end: { status: 'failed', code: 1403, error: 'No faces' } });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run();

		expect(execution.error.message).toMatch(/^No faces \(job \w+\) \[item 1\]$/);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, refunded: 1 });
	});

	it('Retry On Fail finds a job that appears late', async () => {
		emulator.scriptJob({ hiddenFromHistoryFor: 8 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run({
			node: { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 },
		});

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[0]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});

describe('the job does not exist', () => {
	it.each(notTaken)('after %s it is not sent again', async (_name, fault) => {
		time.limitsPass = true;
		emulator.faults.add({ on: 'submit', do: fault });

		const execution = await engine.run({ node: { onError: 'continueErrorOutput' } });

		expect(execution.bad[0]?.json).toMatchObject({
			error: {
				message: expect.stringMatching(
					/response to the submission was lost, and a job may exist: /,
				),
				step: 'submit',
				may_exist: true,
				next_step: expect.stringContaining('Look for a job from 20'),
			},
		});
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
		expect(emulator.requestsTo('history').length).toBeGreaterThan(3);
	});
});
