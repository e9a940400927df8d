/** The key, and addresses that are signed for one upload, are nowhere to be read afterwards. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { Emulator } from '../emulator/emulator';
import { createEngine } from './support/engine';
import { mediaFixtures } from './support/files';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';

const key = 'wsk_very_secret_key_0123456789';
const testbed = useEngine({ emulator: { apiKey: key } });

const items = [{ files: mediaFixtures }];

function expectNoSecrets(execution: Execution): void {
	const { everything } = execution;
	expect(everything).toContain('"Video"');
	expect(everything).not.toContain(key);
	expect(everything).not.toContain(key.slice(4));
	for (const { uploadUrl } of testbed.emulator.tickets()) {
		expect(everything).not.toContain(new URL(uploadUrl).search);
	}
}

const cases: Array<[string, (emulator: Emulator) => void, INodeParameters]> = [
	['a success', () => undefined, {}],
	['a raw success', () => undefined, { simplify: false }],
	[
		'a submission refused in words with the key in them',
		({ faults }) => {
			const body = { code: 401, message: `Invalid token Bearer ${key}` };
			faults.add({ on: 'submit', times: 'always', do: { respond: { status: 401, body } } });
		},
		{},
	],
	[
		'a poll refused in words with the key in them',
		({ faults }) => {
			const body = { code: 401, message: `Key ${key} is revoked` };
			faults.add({ on: 'result', times: 'always', do: { respond: { status: 401, body } } });
		},
		{},
	],
	['a lost answer', ({ faults }) => faults.add({ on: 'submit', do: 'reset' }), {}],
	[
		'a storage that is down',
		({ faults }) => faults.add({ on: 'put', times: 'always', do: 'reset' }),
		{},
	],
	[
		'a storage that refuses',
		({ faults }) => faults.add({ on: 'put', times: 'always', do: { respond: { status: 403 } } }),
		{},
	],
	[
		'an API that is down',
		({ faults }) => faults.add({ on: '*', times: 'always', do: 'reset' }),
		{},
	],
	[
		'a download that fails',
		({ faults }) => faults.add({ on: 'download', times: 'always', do: 'reset' }),
		{},
	],
	['a wrong seed', () => undefined, { options: { seed: 'x' } }],
];

describe('nothing tells a secret', () => {
	it.each(cases)('after %s', async (_name, arrange, parameters) => {
		const { emulator, engine } = testbed;
		arrange(emulator);

		const stopped = await engine.run({ items, parameters });
		const continued = await engine.run({
			items,
			parameters,
			node: { onError: 'continueErrorOutput' },
		});

		expectNoSecrets(stopped);
		expectNoSecrets(continued);
	});

	it('when the base URL is another host than the key is for', async () => {
		const { emulator } = testbed;
		const engine = await createEngine({ emulator, baseUrl: 'http://127.0.0.1:9' });

		const execution = await engine.run({ items });

		expect(execution.error.message).toContain('the connection was refused');
		expectNoSecrets(execution);
	});

	it('a key with spaces and line breaks works', async () => {
		const { emulator } = testbed;
		const engine = await createEngine({ emulator, apiKey: ` ${key}\n` });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expectNoSecrets(execution);
	});
});
