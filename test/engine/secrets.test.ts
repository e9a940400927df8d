/** The key, and addresses that are signed for one upload, are nowhere to be read afterwards. */
import { expect, it } from '@jest/globals';
import type { FaultAction, FaultRule } from '../emulator/emulator';
import { refused, TO_ERROR_OUTPUT } from './support/cases';
import type { RunOptions } from './support/engine';
import { useEngine } from './support/testbed';

const key = 'wsk_very/secret+key_0123456789';
const { emulator, engine } = useEngine({ emulator: { apiKey: key } });

const toBase64 = (text: string) => Buffer.from(text).toString('base64');

/** Runs it, and looks through all that n8n stores and logs of it. */
async function expectNoSecrets(planned: RunOptions): Promise<void> {
	const { everything } = await engine.run(planned);
	expect(everything).toContain('"Video"');
	const coded = [key, `:${key}`].map((text) => toBase64(text).slice(2, 20));
	for (const secret of [key, key.slice(4), ...coded]) expect(everything).not.toContain(secret);
	for (const { uploadUrl } of emulator.tickets()) {
		expect(everything).not.toContain(new URL(uploadUrl).search);
	}
}

/** A refusal whose JSON has the key in an escaping of its own. */
function refusedInText(spelling: string): FaultAction {
	const body = `{"code":401,"message":"Key ${spelling} is revoked"}`;
	return { respond: { status: 401, headers: { 'content-type': 'application/json' }, body } };
}

it.each<[string, number, RunOptions]>([
	['a success', 1, {}],
	['a raw success', 1, { parameters: { simplify: false } }],
	['a success by a key with spaces and line breaks', 1, { credential: { apiKey: ` ${key}\n` } }],
	['a wrong seed', 0, { parameters: { options: { seed: 'x' } } }],
])('nothing tells a secret after %s', async (_what, paid, planned) => {
	await expectNoSecrets(planned);

	expect(emulator.billing()).toMatchObject({ paid });
});

it.each<[string, FaultRule['on'], FaultAction]>([
	['a submission refused with the key in words', 'submit', refused(401, `Bearer ${key} is bad`)],
	['a poll refused with the key in words', 'result', refused(401, `Key ${key} is revoked`)],
	['a refusal with the key escaped', 'submit', refusedInText(key.replace('/', '\\/'))],
	['a refusal with the key in Unicode', 'submit', refusedInText(key.replace('/', '\\u002F'))],
	['a refusal with the key in base64', 'submit', refusedInText(toBase64(`:${key}`))],
	['lost answers', 'submit', 'reset'],
	['a storage that is down', 'put', 'reset'],
	['a storage that refuses', 'put', { respond: { status: 403 } }],
	['an API that is down', '*', 'reset'],
	['a download that fails', 'download', 'reset'],
])('nothing tells a secret after %s', async (_what, on, fault) => {
	emulator.faults.add({ on, times: 'always', do: fault });

	await expectNoSecrets({});
	await expectNoSecrets({ node: TO_ERROR_OUTPUT });
});
