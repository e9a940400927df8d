import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MockAgent } from 'undici';
import type { Clock } from '../../nodes/WaveSpeedInfiniteTalk/shared/clock';
import { startEmulator, type Emulator, type FaultRule } from '../../test/emulator/emulator';
import type { Settings } from '../../test/emulator/options';
import { ROOT } from '../../test/testbed/lib/paths';
import { CHECKS } from './checks';
import type { Verdict } from './findings';
import { runPass, type PassOptions, type PassResult } from './pass';
import { LiveHttp } from './http';
import { recordingOf } from './recording';
import { exitCode, summary, verdictLine } from './report';

/** Real time, without the patience of the node: the emulator's jobs end at once. */
const clock: Clock = {
	now: () => Date.now(),
	random: () => 0.5,
	sleep: async () => await wait(5),
};
const DATE = '2026-01-01T00:00:00.000Z';

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startEmulator({ jobSeconds: 0, render: 'stub', discountRate: 90 });
});
afterEach(async () => await emulator.close());

async function run(more: Partial<PassOptions> = {}): Promise<PassResult> {
	const { baseUrl, settings } = emulator;
	const confirm = async () => true;
	const account = { apiKey: settings.apiKey, baseUrl };
	return await runPass({ ...account, free: false, confirm, clock, onVerdict: () => {}, ...more });
}

function ids({ verdicts }: PassResult, outcome: Verdict['outcome']): string[] {
	return verdicts.filter((verdict) => verdict.outcome === outcome).map(({ id }) => id);
}

describe('a pass through a service that keeps the contract', () => {
	it('makes every check once, finds no difference, and deletes the last of its three jobs', async () => {
		const result = await run();
		expect(result.verdicts.filter(({ outcome }) => outcome !== 'asExpected')).toEqual([]);
		expect(result).toMatchObject({ differences: [], notes: [] });
		expect(ids(result, 'asExpected').sort()).toEqual(Object.keys(CHECKS).sort());
		expect(exitCode(result)).toBe(0);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3, refunded: 1 });
		const deleted = emulator.predictions().map((job) => job.deleted);
		expect(deleted).toEqual([false, false, true]);
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
		const asked: string[] = [];
		const result = await run({
			confirm: async (question) => {
				asked.push(question);
				return agreed;
			},
		});
		expect(result.notRun).toContain(said);
		expect(asked.join()).toMatch(
			agreed ? /^$/ : /3 jobs at \$0\.0675 cost \$0\.2025\. Balance: \$100\.00/,
		);
		expect(exitCode(result)).toBe(2);
		expect(emulator.requestsTo('submit')).toEqual([]);
	});

	it('ends at once when the key is refused', async () => {
		const result = await run({ apiKey: 'wsk_another_key' });
		expect(exitCode(result)).toBe(2);
		expect(emulator.requests).toHaveLength(1);
	});
});

describe('the guard of the money', () => {
	const baseUrl = 'http://127.0.0.1:1';
	const path = '/api/v3/any/model?webhook=x';
	const request = {
		method: 'POST',
		url: `${baseUrl}${path}`,
		authenticated: true,
		idleTimeoutMs: 1,
	} as const;

	it('lets three jobs through at most, and none before it was agreed to', async () => {
		const statuses = [429, 200, 504, 200];
		const service = new MockAgent();
		for (const status of statuses) {
			service.get(baseUrl).intercept({ method: 'POST', path }).reply(status, '');
		}
		const http = new LiveHttp({ apiKey: 'key', baseUrl }, service);
		await expect(http.send(request)).rejects.toThrow('not agreed');
		http.allowJobs();
		// A refusal makes no job; a gateway that gave up may have made one.
		for (const status of statuses) expect(await http.send(request)).toMatchObject({ status });
		await expect(http.send(request)).rejects.toThrow('not agreed');
	});
});

describe('the command', () => {
	const start = async (...flags: string[]) => {
		const { settings, baseUrl } = emulator;
		const env = { ...process.env, WAVESPEED_API_KEY: settings.apiKey, WAVESPEED_BASE_URL: baseUrl };
		const args = ['--import', 'tsx', path.join(ROOT, 'scripts', 'live.ts'), ...flags];
		return await new Promise<{ code: unknown; output: string }>((resolve) => {
			const child = execFile(process.execPath, args, { env, cwd: ROOT }, (error, stdout, stderr) =>
				resolve({ code: error?.code ?? 0, output: stdout + stderr }),
			);
			child.stdin?.end();
		});
	};

	it('saves a recording, and spends nothing without a terminal to ask on', async () => {
		const folder = await mkdtemp(path.join(tmpdir(), 'live-'));
		const file = path.join(folder, 'recording.json');
		try {
			const { code, output } = await start('--save', file);
			expect(output).toContain('There is no terminal to ask on');
			expect(code).toBe(2);
			const recording = await readFile(file, 'utf8');
			expect(JSON.parse(recording)).toMatchObject({ notRun: expect.any(String) });
			expect(output + recording).not.toContain(emulator.settings.apiKey);
			expect(emulator.requestsTo('submit')).toEqual([]);
		} finally {
			await rm(folder, { recursive: true });
		}
	});
});

const always = (on: FaultRule['on'], action: FaultRule['do']) => () =>
	void emulator.faults.add({ on, times: 'always', do: action });

describe('a pass through a service that differs', () => {
	it.each<[string, () => void, string[], object[]]>([
		[
			'a field of another type',
			always('billings', { patchData: { has_more: 'no' } }),
			[],
			[{ where: 'billings data.has_more', problem: expect.stringContaining('expected boolean') }],
		],
		[
			'a field that is missing',
			always('price', { patchData: { model_id: null } }),
			[],
			[{ where: 'price data.model_id', problem: expect.stringContaining('received undefined') }],
		],
		[
			'another code in an envelope',
			always('delete', { rewrite: { code: 0, message: 'success', data: '{data}' } }),
			['delete', 'envelope'],
			[],
		],
		[
			'a history without inputs',
			() => emulator.setOptions({ historyInputs: 'none' }),
			['history-inputs'],
			[],
		],
		[
			'a higher limit for uploads',
			() => emulator.setOptions({ uploadLimitBytes: 300 * 1024 * 1024 }),
			['upload-limit'],
			[],
		],
		['an unknown status', () => emulator.scriptJob({ statuses: ['warming_up'] }), ['statuses'], []],
	])('finds exactly %s', async (_name, differ, checks, differences) => {
		differ();
		const result = await run();
		expect(ids(result, 'different')).toEqual(checks);
		expect(result).toMatchObject({ differences, notes: [] });
		expect(exitCode(result)).toBe(1);
	});

	it('notes a further field, which is no difference', async () => {
		always('balance', { patchData: { plan: 'bronze' } })();
		const result = await run({ free: true });
		expect(result.notes).toEqual(['balance data.plan']);
		expect(exitCode(result)).toBe(0);
	});
});

describe('what the pass leaves behind', () => {
	it('has neither the key, nor a signature, nor other jobs of the account', async () => {
		const { apiKey, webhookSecret } = emulator.settings;
		await emulator.addJob({ inputs: { prompt: 'somebody else’s words' } });
		const data = { balance: 12.5, owner: 'Jo', contact: 'jo@example.test', hint: `key ${apiKey}` };
		const body = { code: 500, message: `Bearer ${apiKey}`, data };
		for (const on of ['balance', 'webhookSecret'] as const) {
			emulator.faults.add({ on, do: { respond: { status: 200, body } } });
		}
		const lines: string[] = [];
		const result = await run({ onVerdict: (verdict) => lines.push(verdictLine(verdict)) });
		const { baseUrl } = emulator;
		const recording = recordingOf(result, { apiKey, baseUrl, date: DATE, version: '0.0.0' });
		for (const text of [[...lines, ...summary(result)].join('\n'), recording]) {
			expect(text).not.toContain(apiKey);
			expect(text).not.toContain(webhookSecret);
		}
		for (const secret of ['X-Signature', 'somebody else', 'jo@example', '"Jo"', '12.5']) {
			expect(recording).not.toContain(secret);
		}
		expect(recording).toContain('Bearer ***');
	});

	it('is explained in docs/live.md, check by check', async () => {
		const docs = await readFile(path.join(ROOT, 'docs', 'live.md'), 'utf8');
		const rows = [...docs.matchAll(/^\| `([a-z][a-z0-9-]*)`/gm)].map(([, id]) => id);
		expect(rows).toEqual(Object.keys(CHECKS));
	});
});
