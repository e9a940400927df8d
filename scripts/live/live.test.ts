import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { MockAgent } from 'undici';
import type { Clock } from '../../nodes/WaveSpeedInfiniteTalk/shared/clock';
import { startEmulator, type Emulator, type FaultRule } from '../../test/emulator/emulator';
import type { Settings } from '../../test/emulator/options';
import { ROOT } from '../../test/testbed/lib/paths';
import { verdictLine, type Verdict } from './findings';
import { LiveHttp } from './http';
import { exitCode, runPass, type PassOptions, type PassResult } from './pass';
import { QUESTIONS } from './questions';
import { recordingOf } from './recording';

let emulator: Emulator;
let clock: Clock;

beforeEach(async () => {
	emulator = await startEmulator({ jobSeconds: 0, render: 'stub', discountRate: 90 });
	const noFace = { status: 'failed', code: 1403, error: 'No faces' };
	emulator.scriptJob({ when: ({ body }) => body.image !== imageOfFirst(), end: noFace });
	let now = Date.now();
	clock = {
		now: () => now,
		random: () => 0.5,
		// The emulator's minute passes with it.
		async sleep(ms) {
			now += ms;
			emulator.submitLimit.clear();
			await emulator.finishAll();
		},
	};
});
afterEach(async () => await emulator.close());

function imageOfFirst(): unknown {
	const [first] = emulator.requestsTo('submit');
	return (first?.body as { image?: unknown } | undefined)?.image;
}

async function run(more: Partial<PassOptions> = {}): Promise<PassResult> {
	const { baseUrl, settings } = emulator;
	const confirm = async () => true;
	const account = { apiKey: settings.apiKey, baseUrl };
	return await runPass({ ...account, free: false, confirm, clock, onVerdict: () => {}, ...more });
}

function ids({ verdicts }: PassResult, outcome: Verdict['outcome']): string[] {
	return verdicts.filter((verdict) => verdict.outcome === outcome).map(({ id }) => id);
}

describe('a pass through a service that does what the node takes for granted', () => {
	it('asks every question once, and deletes the last of its three jobs', async () => {
		emulator.setOptions({ requestsPerMinute: 2 });
		const result = await run();
		expect(result.verdicts.filter(({ outcome }) => outcome !== 'asExpected')).toEqual([]);
		expect(ids(result, 'asExpected').sort()).toEqual(Object.keys(QUESTIONS).sort());
		expect(exitCode(result)).toBe(0);
		expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 3, refunded: 1 });
		expect(emulator.predictions().map((job) => job.deleted)).toEqual([false, false, true]);
	});

	it('on a large account cannot see what a refusal does', async () => {
		expect(ids(await run(), 'notSeen')).toEqual(['refusal']);
	});

	it('submits nothing in the free part', async () => {
		const result = await run({ free: true, confirm: async () => Promise.reject(new Error()) });
		expect(exitCode(result)).toBe(0);
		expect(emulator.requestsTo('submit', 'delete')).toEqual([]);
	});

	it.each<[string, Partial<Settings>, boolean, string]>([
		['nobody agrees', {}, false, 'not agreed'],
		['the balance is too low', { balance: 0.2 }, true, 'too low'],
	])('submits nothing when %s', async (_name, settings, agreed, said) => {
		emulator.setOptions(settings);
		const result = await run({ confirm: async () => agreed });
		expect(result.notRun).toContain(said);
		expect(exitCode(result)).toBe(2);
		expect(emulator.requestsTo('submit')).toEqual([]);
	});

	it('ends at once when the key is refused', async () => {
		expect(exitCode(await run({ apiKey: 'wsk_another_key' }))).toBe(2);
		expect(emulator.requests).toHaveLength(1);
	});
});

it('the guard lets three jobs through at most, and none before it was agreed to', async () => {
	const baseUrl = 'http://127.0.0.1:1';
	const address = '/api/v3/any/model?webhook=x';
	const url = `${baseUrl}${address}`;
	const request = { method: 'POST', url, authenticated: true, idleTimeoutMs: 1 } as const;
	// A refusal makes no job; a gateway that gave up may have made one.
	const statuses = [429, 200, 504, 200];
	const service = new MockAgent();
	for (const status of statuses) {
		service.get(baseUrl).intercept({ method: 'POST', path: address }).reply(status, '');
	}
	const http = new LiveHttp({ apiKey: 'key', baseUrl }, service);
	await expect(http.send(request)).rejects.toThrow('not agreed');
	http.allowJobs();
	for (const status of statuses) expect(await http.send(request)).toMatchObject({ status });
	await expect(http.send(request)).rejects.toThrow('not agreed');
});

const always = (on: FaultRule['on'], action: FaultRule['do']) => () =>
	emulator.faults.add({ on, times: 'always', do: action });
const tooMany = { status: 429, body: { code: 429, message: 'Too many requests' } };
const renamed = { code: 0, message: 'success', data: '{data}' };

it.each<[string, () => unknown]>([
	['history-inputs', () => emulator.setOptions({ historyInputs: 'none' })],
	// It made a job all the same.
	[
		'refusal',
		() => emulator.faults.add({ on: 'submit', skip: 2, do: { respondAfterHandling: tooMany } }),
	],
	['charge', always('price', { patchData: { discounted_price: 0.01 } })],
	['price,envelope', always('price', { rewrite: renamed })],
	['upload-again', always('media', { respond: { status: 403 } })],
	['statuses', () => emulator.scriptJob({ statuses: ['warming_up'] })],
])('a service that differs in %s is found to differ in that alone', async (questions, differ) => {
	differ();
	const result = await run();
	expect(ids(result, 'different').join()).toBe(questions);
	expect(exitCode(result)).toBe(1);
});

it('the recording has the form of the responses, and neither the key nor a signature', async () => {
	const { apiKey } = emulator.settings;
	const data = { balance: 12.5, owner: 'Jo' };
	const body = { code: 200, message: `Bearer ${apiKey}`, data };
	emulator.faults.add({ on: 'balance', do: { respond: { status: 200, body } } });
	const lines: string[] = [];
	const result = await run({ onVerdict: (verdict) => lines.push(verdictLine(verdict)) });
	expect(() => recordingOf(result, apiKey, {})).toThrow('the key is in it');
	result.exchanges.shift();
	const recording = recordingOf(result, apiKey, { version: '0.0.0' });
	for (const text of [lines.join('\n'), recording]) expect(text).not.toContain(apiKey);
	for (const secret of ['signature', 'Signature', '"Jo"', '12.5', 'http']) {
		expect(recording).not.toContain(secret);
	}
	expect(JSON.parse(recording)).toMatchObject({ version: '0.0.0', exchanges: expect.any(Array) });
});

it('the command spends nothing without a terminal to ask on', async () => {
	const { settings, baseUrl } = emulator;
	const env = { ...process.env, WAVESPEED_API_KEY: settings.apiKey, WAVESPEED_BASE_URL: baseUrl };
	const args = ['--import', 'tsx', path.join(ROOT, 'scripts', 'live.ts')];
	const child = spawn(process.execPath, args, { env, cwd: ROOT });
	let output = '';
	child.stdout.on('data', (text) => (output += String(text)));
	child.stdin.end();
	expect(await once(child, 'close')).toEqual([2, null]);
	expect(output).toContain('There is no terminal to ask on');
	expect(emulator.requestsTo('submit')).toEqual([]);
});

it('each question is explained in docs/live.md', async () => {
	const docs = await readFile(path.join(ROOT, 'docs', 'live.md'), 'utf8');
	const rows = [...docs.matchAll(/^\| `([a-z][a-z0-9-]*)`/gm)].map(([, id]) => id);
	expect(rows).toEqual(Object.keys(QUESTIONS));
});
