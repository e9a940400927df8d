/** Connections that break, stall or drip, and answers without end. */
import { describe, expect, it } from '@jest/globals';
import type { FaultAction } from '../emulator/emulator';
import { useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

/** Read to its end, it would be a refusal for good. */
const ENDLESS = `${' '.repeat(17_000_000)}{"code":400,"message":"no"}`;

/** The trouble of one moment, which reading calls overcome. */
const moments: Array<[string, FaultAction]> = [
	['a reset', 'reset'],
	['a stall', 'stall'],
	['half an answer', 'cutBody'],
	['an answer that drips', { slow: { bytesPerSecond: 1 } }],
	['an answer of 17 MB', { respond: { status: 400, body: ENDLESS } }],
];

describe('for a moment', () => {
	it.each(moments)('%s instead of a result', async (_name, fault) => {
		time.limitsPass = true;
		emulator.faults.add({ on: 'result', do: fault });

		const execution = await engine.run();

		expect(execution.failure).toBeUndefined();
		expect(execution.good[0]?.json.status).toBe('completed');
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it.each(moments)('%s instead of a ticket', async (_name, fault) => {
		time.limitsPass = true;
		emulator.faults.add({ on: 'ticket', do: fault });

		const execution = await engine.run();

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('ticket')).toHaveLength(4);
		expect(emulator.requestsTo('put')).toHaveLength(3);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	const breaks: FaultAction[] = ['reset', 'resetAfterHandling', 'stall', 'stallAfterHandling'];
	it.each(breaks)('%s of the storage', async (fault) => {
		time.limitsPass = true;
		emulator.faults.add({ on: 'put', do: fault });

		const execution = await engine.run();

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('put')).toHaveLength(4);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});

describe('a service that is gone', () => {
	it.each(['reset', 'stall'] as const)('%s of every call fails with a sentence', async (fault) => {
		time.limitsPass = true;
		emulator.faults.add({ on: '*', times: 'always', do: fault });

		const execution = await engine.run();

		expect(execution.error.message).toMatch(
			/^Image: WaveSpeed could not be reached: [a-z ]+ \[item 1\]$/,
		);
		expect(execution.error.description).toContain('connection');
		expect(emulator.requestsTo('submit')).toEqual([]);
	});
});
