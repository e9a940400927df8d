/** Every way in which the service can say no, at every call, in words for the user. */
import { describe, expect, it } from '@jest/globals';
import type { CannedResponse } from '../emulator/faults';
import { mediaFixtures } from './support/files';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';

const testbed = useEngine();

const items = [{ files: mediaFixtures }];
const sentence = 'The service says no';

/** Refusals that do not pass, and a word of the advice that each must give. */
const statuses: Array<[number, RegExp]> = [
	[400, /Correct the field/],
	[401, /Check the API Key .* topped up once/],
	[402, /Top up your account/],
	[403, /suspended/],
	[409, /adjust the inputs/],
	[413, /smaller/],
	[418, /adjust the inputs/],
	[422, /Correct the field/],
];

function refusal(status: number, code = status): CannedResponse {
	return { status, body: { code, message: sentence } };
}

/** Runs one item and gives what its failure says. */
async function failureOf(): Promise<{
	execution: Execution;
	error: string;
	details: Record<string, unknown>;
}> {
	const execution = await testbed.engine.run({ items, node: { onError: 'continueErrorOutput' } });
	const [item] = execution.bad;
	expect(execution.good).toEqual([]);
	const { message, ...details } = item?.json.error as { message: string };
	return { execution, error: message, details };
}

describe('the submission', () => {
	it.each(statuses)('HTTP %d', async (status, advice) => {
		testbed.emulator.faults.add({ on: 'submit', do: { respond: refusal(status) } });

		const { error, details } = await failureOf();

		expect(error).toBe(`${sentence} [item 1]`);
		expect(details).toMatchObject({ step: 'submit', http_status: status });
		expect(details.next_step).toMatch(advice);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
		expect(testbed.emulator.requestsTo('history')).toEqual([]);
	});

	it.each([...statuses, [1400, /Correct/], [1401, /Correct/], [1200, /adjust/]] as Array<
		[number, RegExp]
	>)('HTTP 200 with the code %d', async (code, advice) => {
		testbed.emulator.faults.add({ on: 'submit', do: { respond: refusal(200, code) } });

		const { error, details } = await failureOf();

		expect(error).toBe(`${sentence} [item 1]`);
		expect(details.next_step).toMatch(advice);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
		expect(testbed.emulator.requestsTo('history')).toEqual([]);
	});

	it.each<[string, CannedResponse]>([
		['HTTP 402', { status: 402, body: { code: 402, message: 'Insufficient credits' } }],
		['HTTP 403', { status: 403, body: { code: 403, message: 'insufficient balance' } }],
		['HTTP 400', { status: 400, body: { error: 'Account has Insufficient credit.' } }],
		['code 1407', { status: 200, body: { code: 1407, message: 'Insufficient funds' } }],
		['HTTP 500', { status: 500, body: { code: 500, message: 'Insufficient credits' } }],
	])('too little credit, told as %s, says how to top up', async (_name, respond) => {
		testbed.emulator.faults.add({ on: 'submit', do: { respond } });

		const { error, details } = await failureOf();

		expect(error).toMatch(/insufficient/i);
		expect(details.next_step).toContain('wavespeed.ai/top-up');
	});

	it('too little credit in truth', async () => {
		testbed.emulator.setOptions({ balance: 0 });

		const { details } = await failureOf();

		expect(details).toMatchObject({ http_status: 402 });
		expect(details.next_step).toContain('Top up');
		expect(testbed.emulator.billing()).toMatchObject({ billed: 0 });
	});

	const bodies: Array<[string, string | object, string]> = [
		['code and message', { code: 400, message: sentence }, sentence],
		['an error code', { code: 400, message: sentence, error_code: 'role' }, sentence],
		['error', { error: sentence }, sentence],
		['an error object', { error: { message: sentence, type: 'x' } }, sentence],
		['detail', { detail: sentence }, sentence],
		['a list of details', { detail: [{ loc: ['a'], msg: 'One' }, { msg: 'Two' }] }, 'One; Two'],
		['errors', { errors: [{ message: 'One' }, 'Two'] }, 'One; Two'],
		['msg', { msg: sentence }, sentence],
		['an empty message', { code: 400, message: '' }, 'WaveSpeed answered with HTTP 400'],
		['line breaks', { message: ' The service\n says\tno ' }, sentence],
		['a page', '<html><h1>400</h1></html>', 'WaveSpeed answered with HTTP 400'],
		['text', 'Bad Request', 'WaveSpeed answered with HTTP 400'],
		['nothing', '', 'WaveSpeed answered with HTTP 400'],
		['null', 'null', 'WaveSpeed answered with HTTP 400'],
		['a number', '7', 'WaveSpeed answered with HTTP 400'],
		['half of a JSON', '{"message":"The ser', 'WaveSpeed answered with HTTP 400'],
		['a very long message', { message: 'x'.repeat(5_000) }, `${'x'.repeat(499)}…`],
		['odd types', { message: 7, error: [], detail: {} }, 'WaveSpeed answered with HTTP 400'],
		['a word that n8n replaces', { message: 'upstream ECONNREFUSED' }, 'upstream ECONNREFUSED'],
	];
	it.each(bodies)('an error body with %s', async (_name, body, expected) => {
		const respond = { status: 400, body };
		testbed.emulator.faults.add({ on: 'submit', times: 2, do: { respond } });

		const { error } = await failureOf();
		const stopped = await testbed.engine.run({ items });

		expect(error).toBe(`${expected} [item 1]`);
		// The node's own message survives n8n's error classes.
		expect(stopped.error.message).toBe(`${expected} [item 1]`);
	});

	it('a redirect is not followed, for the key would go with it', async () => {
		const location = `${testbed.emulator.origins.storage}/elsewhere`;
		const respond = { status: 307, headers: { location } };
		testbed.emulator.faults.add({ on: 'submit', do: { respond } });

		const { details } = await failureOf();

		expect(details.next_step).toContain('Base URL');
		expect(testbed.emulator.requestsTo('unknown')).toEqual([]);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
	});
});

describe('reading the result', () => {
	it.each([...statuses, [404, /7 days/]] as Array<[number, RegExp]>)(
		'HTTP %d fails at once and names the job',
		async (status, advice) => {
			// The first reading succeeds, so that a 404 is no sign of haste.
			testbed.emulator.scriptJob({ seconds: 'never' });
			const fault = { on: 'result', skip: 4, times: 'always' } as const;
			testbed.emulator.faults.add({ ...fault, do: { respond: refusal(status) } });

			const { error, details } = await failureOf();

			const [job] = testbed.emulator.predictions();
			expect(error).toBe(`${sentence} (job ${job?.id}) [item 1]`);
			expect(details).toMatchObject({ id: job?.id, status: 'processing', http_status: status });
			expect(details.next_step).toMatch(advice);
			expect(testbed.emulator.requestsTo('result')).toHaveLength(5);
		},
	);

	const ends: Array<[string, number, string, RegExp]> = [
		['failed', 0, sentence, /adjust the inputs/],
		['failed', 1200, sentence, /content check/],
		['failed', 1400, sentence, /input is missing or not valid/],
		['failed', 1401, sentence, /input is missing or not valid/],
		['failed', 1402, sentence, /could not read one of the URLs/],
		['failed', 1403, sentence, /frontal picture/],
		['failed', 1405, sentence, /frontal picture/],
		['failed', 1406, sentence, /adjust the inputs/],
		['failed', 1407, 'Insufficient credits', /Top up/],
		['failed', 5000, sentence, /later/],
		['failed', 5003, sentence, /later/],
		['failed', 0, '', /adjust the inputs/],
		['cancelled', 0, '', /new job/],
		['canceled', 0, '', /new job/],
		['timeout', 5004, '', /later/],
		['deleted', 0, '', /new job/],
	];
	it.each(ends)('a job that ends as %s, code %d, "%s"', async (status, code, error, advice) => {
		testbed.emulator.scriptJob({ end: { status, code, error } });

		const failure = await failureOf();

		const [job] = testbed.emulator.predictions();
		expect(failure.error).toMatch(error ? new RegExp(`^${error} `) : /^\w.* \(job/);
		expect(failure.error).toContain(`(job ${job?.id})`);
		expect(failure.details).toMatchObject({ id: job?.id, status, step: 'result' });
		expect(failure.details.code).toBe(code || undefined);
		expect(failure.details.next_step).toMatch(advice);
	});
});

describe('an upload', () => {
	it.each(statuses.filter(([status]) => ![401, 402, 403].includes(status)))(
		'HTTP %d for a ticket',
		async (status, advice) => {
			const fault = { on: 'ticket', match: { body: 'left-voice' } } as const;
			testbed.emulator.faults.add({ ...fault, do: { respond: refusal(status) } });

			const { error, details } = await failureOf();

			expect(error).toBe(`Left Audio: ${sentence} [item 1]`);
			expect(details).toMatchObject({ step: 'upload', input: 'leftAudio', http_status: status });
			expect(details.next_step).toMatch(advice);
			expect(testbed.emulator.requestsTo('submit')).toEqual([]);
		},
	);

	it.each([401, 402, 403])('HTTP %d for a ticket is no fault of the file', async (status) => {
		const respond = refusal(status);
		testbed.emulator.faults.add({ on: 'ticket', times: 'always', do: { respond } });

		const { error } = await failureOf();

		expect(error).toBe(`${sentence} [item 1]`);
		expect(testbed.emulator.requestsTo('submit')).toEqual([]);
	});

	it.each<[string, CannedResponse]>([
		['HTTP 413', refusal(413)],
		['the code 500 under HTTP 200, four times', refusal(200, 500)],
	])('%s for the one-step upload', async (_name, respond) => {
		const { faults } = testbed.emulator;
		faults.add({ on: 'ticket', times: 'always', do: { respond: { status: 404 } } });
		faults.add({ on: 'oneStep', times: 'always', do: { respond } });

		const { error } = await failureOf();

		expect(error).toBe(`Image: ${sentence} [item 1]`);
		expect(testbed.emulator.requestsTo('submit')).toEqual([]);
	});

	it.each([403, 404, 412, 429, 500, 503])(
		'HTTP %d of the storage is overcome by a new ticket',
		async (status) => {
			const { emulator } = testbed;
			const respond = { status, body: '<Error><Code>AccessDenied</Code></Error>' };
			emulator.faults.add({ on: 'put', times: 2, do: { respond } });

			const execution = await testbed.engine.run({ items });

			expect(execution.failure).toBeUndefined();
			expect(emulator.requestsTo('ticket')).toHaveLength(5);
			const urls = emulator.requestsTo('put').map(({ url }) => url);
			expect(new Set(urls).size).toBe(5);
			expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
		},
	);

	it('a storage that stays down fails the item with its input', async () => {
		const respond = { status: 503 };
		testbed.emulator.faults.add({ on: 'put', times: 'always', do: { respond } });

		const { error, details } = await failureOf();

		expect(error).toMatch(/^Image: 127\.0\.0\.1:\d+ answered with HTTP 503 \[item 1\]$/);
		expect(details).toMatchObject({ step: 'upload', input: 'image' });
		expect(testbed.emulator.requestsTo('submit')).toEqual([]);
	});
});
