/** Submissions that the service refuses, in words for the user. */
import { expect, it } from '@jest/globals';
import { refused, TO_ERROR_OUTPUT } from './support/cases';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

const sentence = 'The service says no';

/** Refusals that do not pass, and a word of the advice that each must give. */
it.each([
	[400, /Fix the field/],
	[401, /Check the API Key .* first top-up/],
	[402, /Top up your account/],
	[403, /suspended/],
	[409, /Adjust the inputs/],
	[413, /smaller/],
	[418, /Adjust the inputs/],
	[422, /Fix the field/],
])('HTTP %d creates no job, and is not tried again', async (status, advice) => {
	emulator.faults.add({ on: 'submit', do: refused(status, sentence) });

	const { errors } = await engine.run({ node: TO_ERROR_OUTPUT });

	expect(errors).toEqual([
		{
			message: `${sentence} [item 1]`,
			step: 'submit',
			http_status: status,
			next_step: expect.stringMatching(advice),
		},
	]);
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
	expect(emulator.requestsTo('history')).toEqual([]);
});

it.each([
	[
		'a page',
		'<html><h1>Bad request</h1></html>',
		'WaveSpeed\'s response to the submission was lost, and a job may exist: The response did not come from WaveSpeed\'s API (HTTP 400: "Bad request")',
	],
	['a word that n8n replaces', { message: 'upstream ECONNREFUSED' }, 'upstream ECONNREFUSED'],
])('the own words for an error body with %s survive n8n', async (_what, body, expected) => {
	emulator.faults.add({ on: 'submit', do: { respond: { status: 400, body } } });

	const { error } = await engine.run();

	expect(error.message).toBe(`${expected} [item 1]`);
});

it('a redirect is not followed, for the key would go with it', async () => {
	const location = `${emulator.origins.storage}/elsewhere`;
	emulator.faults.add({ on: 'submit', do: { respond: { status: 307, headers: { location } } } });

	const { error } = await engine.run();

	expect(error.description).toContain('Base URL');
	expect(emulator.requestsTo('unknown')).toEqual([]);
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
});
