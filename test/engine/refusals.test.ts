/** Submissions that the service refuses, in words for the user. */
import { expect, it } from '@jest/globals';
import { refused, TO_ERROR_OUTPUT } from './support/cases';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

const sentence = 'The service says no';

/** Refusals that do not pass, and a word of the advice that each must give. */
const statuses: Array<[number, RegExp]> = [
	[400, /Fix the field/],
	[401, /Check the API Key .* first top-up/],
	[402, /Top up your account/],
	[403, /suspended/],
	[409, /Adjust the inputs/],
	[413, /smaller/],
	[418, /Adjust the inputs/],
	[422, /Fix the field/],
];

/** Runs one item and gives what its failure says. */
async function failureOf(): Promise<{ error: string; details: Record<string, unknown> }> {
	const execution = await engine.run({ node: TO_ERROR_OUTPUT });
	const [item] = execution.bad;
	expect(execution.good).toEqual([]);
	const { message, ...details } = item?.json.error as { message: string };
	return { error: message, details };
}

it.each(statuses)('HTTP %d', async (status, advice) => {
	emulator.faults.add({ on: 'submit', do: refused(status, sentence) });

	const { error, details } = await failureOf();

	expect(error).toBe(`${sentence} [item 1]`);
	expect(details).toMatchObject({ step: 'submit', http_status: status });
	expect(details.next_step).toMatch(advice);
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
	expect(emulator.requestsTo('history')).toEqual([]);
});

const bodies: Array<[string, string | object, string]> = [
	['code and message', { code: 400, message: sentence }, sentence],
	[
		'a page',
		'<html><h1>Bad request</h1></html>',
		'WaveSpeed\'s response to the submission was lost, and a job may exist: The response did not come from WaveSpeed\'s API (HTTP 400: "Bad request")',
	],
	['a word that n8n replaces', { message: 'upstream ECONNREFUSED' }, 'upstream ECONNREFUSED'],
];
it.each(bodies)('an error body with %s', async (_name, body, expected) => {
	const respond = { status: 400, body };
	emulator.faults.add({ on: 'submit', times: 2, do: { respond } });

	const { error } = await failureOf();
	const stopped = await engine.run();

	expect(error).toBe(`${expected} [item 1]`);
	// The node's own message survives n8n's error classes.
	expect(stopped.error.message).toBe(`${expected} [item 1]`);
});

it('a redirect is not followed, for the key would go with it', async () => {
	const location = `${emulator.origins.storage}/elsewhere`;
	const respond = { status: 307, headers: { location } };
	emulator.faults.add({ on: 'submit', do: { respond } });

	const { details } = await failureOf();

	expect(details.next_step).toContain('Base URL');
	expect(emulator.requestsTo('unknown')).toEqual([]);
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
});
