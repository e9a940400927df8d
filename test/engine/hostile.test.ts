/** Connections that break, stall or drip, answers without end, and downloads that are no video. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { FaultAction, RouteName } from '../emulator/emulator';
import { quiet, useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

/** Read to its end, it would be a refusal for good. */
const ENDLESS = `${' '.repeat(17_000_000)}{"code":400,"message":"no"}`;
const PART_OF_VIDEO = '\0\0\0\x08moov\0\0\0\x08mdat\0\0\0\x20free';

function answered(body: string, type = 'video/mp4'): FaultAction {
	return { respond: { status: 200, headers: { 'content-type': type }, body } };
}

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
const noVideos: Array<[string, FaultAction]> = [
	...moments.slice(0, 3),
	['no content', { respond: { status: 204 } }],
	['an empty file', answered('')],
	['an error text called a video', answered('Access denied by policy')],
	['a page called octets', answered('<html>Denied</html>', 'application/octet-stream')],
	['a part of a video', answered(PART_OF_VIDEO)],
];

describe.each<[RouteName, Array<[string, FaultAction]>, number]>([
	['result', moments, 2],
	['ticket', moments, 4],
	['put', broken, 4],
	['download', noVideos, 2],
])('a call of the kind %s', (on, faults, calls) => {
	it.each(faults)('that meets %s for a moment is repeated', async (_name, fault) => {
		time.limitsPass = true;
		emulator.setOptions({ videoPaddingBytes: 1_000_000 });
		emulator.faults.add({ on, do: fault });

		const execution = await engine.run();

		expect(execution.failure).toBeUndefined();
		const video = await execution.fileIn(execution.good[0]);
		expect(video.length).toBeGreaterThan(1_000_000);
		expect(emulator.requestsTo(on)).toHaveLength(calls);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});

it.each(['reset', 'stall'] as const)('%s of every call fails with a sentence', async (fault) => {
	time.limitsPass = true;
	emulator.faults.add({ on: '*', times: 'always', do: fault });

	const { error } = await engine.run();

	expect(error.message).toMatch(/^Image: WaveSpeed could not be reached: [a-z ]+ \[item 1\]$/);
	expect(error.description).toContain('connection');
	expect(emulator.requestsTo('submit')).toEqual([]);
});

/**
 * With real connections and n8n's own HTTP client: all other tests let limits of time pass by a virtual clock. Only
 * requests that never get an answer are under a short limit, so a slow machine changes nothing. Uploads, whose limits grow with
 * their size, are in test/unit/n8n/transfer.test.ts.
 */
describe('limits of time', () => {
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
});
