/** The key, and addresses that are signed for one upload, are nowhere to be read afterwards. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { FaultAction, FaultRule } from '../emulator/emulator';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';

const key = 'wsk_very/secret+key_0123456789';
const { emulator, engine } = useEngine({ emulator: { apiKey: key } });

function refusal(message: string): FaultAction {
	return { respond: { status: 401, body: { code: 401, message } } };
}

/** A refusal whose JSON has the key in an escaping of its own. */
function refusalInText(spelling: string): FaultAction {
	const body = `{"code":401,"message":"Key ${spelling} is revoked"}`;
	return { respond: { status: 401, headers: { 'content-type': 'application/json' }, body } };
}

function expectNoSecrets(execution: Execution): void {
	const { everything } = execution;
	expect(everything).toContain('"Video"');
	expect(everything).not.toContain(key);
	expect(everything).not.toContain(key.slice(4));
	expect(everything).not.toContain(Buffer.from(key).toString('base64').slice(2, 20));
	expect(everything).not.toContain(Buffer.from(`:${key}`).toString('base64').slice(2, 20));
	for (const { uploadUrl } of emulator.tickets()) {
		expect(everything).not.toContain(new URL(uploadUrl).search);
	}
}

const cases: Array<[string, FaultRule[], INodeParameters?]> = [
	['a success', []],
	['a raw success', [], { simplify: false }],
	[
		'a submission refused in words with the key in them',
		[{ on: 'submit', times: 'always', do: refusal(`Invalid token Bearer ${key}`) }],
	],
	[
		'a poll refused in words with the key in them',
		[{ on: 'result', times: 'always', do: refusal(`Key ${key} is revoked`) }],
	],
	...[
		['\\/', key.replace('/', '\\/')],
		['\\u002f', key.replace('/', '\\u002F')],
		['base64', Buffer.from(`:${key}`).toString('base64')],
	].map(([how, spelling]): [string, FaultRule[]] => [
		`a refusal with the key in the spelling ${how}`,
		[{ on: 'submit', times: 'always', do: refusalInText(spelling!) }],
	]),
	['a lost answer', [{ on: 'submit', do: 'reset' }]],
	['a storage that is down', [{ on: 'put', times: 'always', do: 'reset' }]],
	['a storage that refuses', [{ on: 'put', times: 'always', do: { respond: { status: 403 } } }]],
	['an API that is down', [{ on: '*', times: 'always', do: 'reset' }]],
	['a download that fails', [{ on: 'download', times: 'always', do: 'reset' }]],
	['a wrong seed', [], { options: { seed: 'x' } }],
];

describe('nothing tells a secret', () => {
	it.each(cases)('after %s', async (_name, faults, parameters = {}) => {
		for (const fault of faults) emulator.faults.add(fault);

		const stopped = await engine.run({ parameters });
		const continued = await engine.run({
			parameters,
			node: { onError: 'continueErrorOutput' },
		});

		expectNoSecrets(stopped);
		expectNoSecrets(continued);
	});

	it('a key with spaces and line breaks works', async () => {
		const execution = await engine.run({ credential: { apiKey: ` ${key}\n` } });

		expect(execution.failure).toBeUndefined();
		expectNoSecrets(execution);
	});
});
