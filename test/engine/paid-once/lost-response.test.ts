/** Submissions whose answer is lost: never sent again, looked up instead. */
import { describe, expect, it } from '@jest/globals';
import type { FaultAction } from '../../emulator/emulator';
import { retrying, TO_ERROR_OUTPUT, WITHOUT_SEED } from '../support/cases';
import { ownMediaFixtures } from '../support/files';
import { useEngine } from '../support/testbed';
import { time } from '../support/time';

const { emulator, engine } = useEngine();

const LOST = { on: 'submit', do: 'resetAfterHandling' } as const;

const idless = { code: 200, message: 'success', data: { status: 'created' } };
/** After which nobody can say whether the job exists. */
const taken: Array<[string, FaultAction]> = [
	['a reset', 'resetAfterHandling'],
	['an answer that is cut off', 'cutBody'],
	['a stall', 'stallAfterHandling'],
	['a page of a gateway', { respondAfterHandling: { status: 502, body: '<html>' } }],
	['HTTP 200 without the ID', { respondAfterHandling: { status: 200, body: idless } }],
];

describe('a job whose response was lost is paid once', () => {
	it.each(taken)('after %s it is found, though late, by a slow clock', async (_name, fault) => {
		time.limitsPass = true;
		emulator.setOptions({ clockOffsetSeconds: -600 });
		emulator.scriptJob({ hiddenFromHistoryFor: 3 });
		emulator.faults.add({ on: 'submit', do: fault });

		const execution = await engine.run();

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[0]?.id,
			status: 'completed',
		});
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
		expect(execution.hints).toContain("found in WaveSpeed's history");
	});

	it('when the history shows it too late: by Retry On Fail, and by the next execution', async () => {
		emulator.scriptJob({ hiddenFromHistoryFor: 8 });
		emulator.faults.add(LOST);
		const retried = await engine.run({ node: retrying(5) });
		expect(retried.good[0]?.json.id).toBe(emulator.predictions()[0]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });

		emulator.scriptJob({ hiddenFromHistoryFor: 6 });
		emulator.faults.add(LOST);
		const failed = await engine.run({ parameters: WITHOUT_SEED });
		expect(failed.error.message).toContain('a job may exist');
		const next = await engine.run({ parameters: WITHOUT_SEED });

		const { id } = emulator.predictions()[1]!;
		expect(next.good[0]?.json).toMatchObject({ id, reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});

	it('by an equal item, which finds it after the first one gave up', async () => {
		emulator.scriptJob({ hiddenFromHistoryFor: 8 });
		emulator.faults.add(LOST);
		const files = ownMediaFixtures('equal');
		const items = [{ files }, { files }];

		const execution = await engine.run({ items, parameters: WITHOUT_SEED, node: TO_ERROR_OUTPUT });

		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
		expect(execution.good).toHaveLength(1);
		expect(execution.errors).toMatchObject([{ may_exist: true }]);
	});
});

it('a job that does not exist after a lost request is not sent again', async () => {
	emulator.faults.add({ on: 'submit', do: 'reset' });

	const execution = await engine.run({ node: TO_ERROR_OUTPUT });

	expect(execution.errors[0]).toMatchObject({
		message: expect.stringMatching(/response to the submission was lost, and a job may exist: /),
		step: 'submit',
		may_exist: true,
		next_step: expect.stringContaining('Look for a job from 20'),
	});
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
	expect(emulator.requestsTo('history').length).toBeGreaterThan(3);
});
