/**
 * Limits of time, with real connections and n8n's own HTTP client: all other tests let them pass by a virtual clock. Only
 * requests that never get an answer are under a short limit, so a slow machine changes nothing. Uploads, whose limits grow with
 * their size, are in test/unit/n8n/transfer.test.ts.
 */
import { expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { FaultAction, RouteName } from '../emulator/emulator';
import { quiet, useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

const SHORT_MS = 50;
const LONG_MS = 600_000;
const NONE = { idleTimeoutMs: LONG_MS, timeoutMs: LONG_MS, bulkTimeoutMs: LONG_MS };
const DRIPS = { slow: { bytesPerSecond: 20 } };
const BALANCE = { resource: 'account', operation: 'getBalance' };

it.each<[string, RouteName, FaultAction, keyof typeof NONE, INodeParameters]>([
	['a call that gets no answer', 'balance', 'stall', 'idleTimeoutMs', BALANCE],
	['a call that gets no answer', 'balance', 'stall', 'timeoutMs', BALANCE],
	['an answer that stalls', 'balance', { slow: { bytesPerSecond: 1 } }, 'idleTimeoutMs', BALANCE],
	['an answer that drips', 'balance', DRIPS, 'timeoutMs', BALANCE],
	['a download that does not begin', 'download', 'stall', 'idleTimeoutMs', {}],
	['a download that drips', 'download', DRIPS, 'bulkTimeoutMs', {}],
])('%s (%s, %j) is ended by %s', async (_what, on, fault, limit, parameters) => {
	const isStruck = ({ url }: { url: string }) => /\/(balance|outputs)\b/.test(url);
	time.realLimits = (request) => (isStruck(request) ? { ...NONE, [limit]: SHORT_MS } : {});
	emulator.faults.add({ on, times: 'always', do: fault });

	const execution = await engine.run({ parameters });

	expect(execution.failure).toMatch(/the request timed out|the transfer stalled/);
	await quiet(emulator);
	const struck = emulator.requestsTo(on);
	expect(struck.length).toBeGreaterThanOrEqual(4);
	expect(struck.filter(({ aborted }) => !aborted)).toEqual([]);
});
