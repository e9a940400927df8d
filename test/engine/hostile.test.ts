/** Connections that break, stall or drip, and answers without end. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FaultAction, RouteName } from '../emulator/emulator';
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
const broken: Array<[string, FaultAction]> = [
	...moments.slice(0, 2),
	['a reset after the last byte', 'resetAfterHandling'],
	['a stall after the last byte', 'stallAfterHandling'],
];

beforeEach(() => void (time.limitsPass = true));

describe.each<[RouteName, Array<[string, FaultAction]>, number]>([
	['result', moments, 2],
	['ticket', moments, 4],
	['put', broken, 4],
])('a call of the kind %s', (on, faults, calls) => {
	it.each(faults)('that meets %s for a moment is repeated', async (_name, fault) => {
		emulator.faults.add({ on, do: fault });

		const execution = await engine.run();

		expect(execution.failure).toBeUndefined();
		expect(execution.good[0]?.json.status).toBe('completed');
		expect(emulator.requestsTo(on)).toHaveLength(calls);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});

it.each(['reset', 'stall'] as const)('%s of every call fails with a sentence', async (fault) => {
	emulator.faults.add({ on: '*', times: 'always', do: fault });

	const { error } = await engine.run();

	expect(error.message).toMatch(/^Image: WaveSpeed could not be reached: [a-z ]+ \[item 1\]$/);
	expect(error.description).toContain('connection');
	expect(emulator.requestsTo('submit')).toEqual([]);
});
