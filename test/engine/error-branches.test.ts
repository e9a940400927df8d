/** A failed item goes its own way, with all that a workflow needs to deal with it. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { FaultAction, RouteName } from '../emulator/emulator';
import { itemsOf, refused, TO_ERROR_OUTPUT, UNAUTHORIZED } from './support/cases';
import type { RunOptions } from './support/engine';
import { file } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

/** ID of the job of the item that fails, where it gets as far. */
const ID = 'job-of-the-bad-one';

/** Makes the second of three items fail, whose files are called `bad-…`. */
interface Cause {
	fault?: [on: RouteName, match: { url?: string; body?: string }, action: FaultAction];
	script?: object;
	parameters?: INodeParameters;
	/** A voice in place of the item's own. */
	voice?: ReturnType<typeof file>;
	error: RegExp;
	details: { step: string; http_status?: number; [field: string]: unknown };
	/** Jobs that are paid for at the end. */
	paid: number;
}

const FLAGGED = { status: 'failed', code: 1200, error: 'Content flagged by the check' };

const failedJob: Cause = {
	script: { end: FLAGGED },
	error: /^Content flagged by the check \(job job-of-the-bad-one\) \[item 2\]$/,
	details: { step: 'result', id: ID, status: 'failed', code: 1200 },
	paid: 2,
};

const causes: Array<[string, Cause]> = [
	[
		'a check',
		{
			voice: file('bad.mp3', 'audio/mpeg', '<html></html>'),
			error: /^Left Audio: the file "bad.mp3" is a web page \(HTML\), not a sound file \[item 2\]$/,
			details: { step: 'check', input: 'leftAudio' },
			paid: 2,
		},
	],
	[
		'an upload',
		{
			fault: ['ticket', { body: 'bad-right' }, refused(413, 'File too large')],
			error: /^Right Audio: File too large \[item 2\]$/,
			details: { step: 'upload', input: 'rightAudio', http_status: 413 },
			paid: 2,
		},
	],
	['a failed job', failedJob],
	[
		'a timeout',
		{
			script: { seconds: 'never' },
			parameters: { options: { timeoutMinutes: '={{ $json.mark === "bad" ? 1 : 360 }}' } },
			error: /^The job did not finish within 1 minute \(job job-of-the-bad-one\) \[item 2\]$/,
			details: { step: 'wait', id: ID, status: 'processing' },
			paid: 3,
		},
	],
	[
		'a job that can no longer be read',
		{
			fault: ['result', { url: ID }, UNAUTHORIZED],
			error: /^Unauthorized \(job job-of-the-bad-one\) \[item 2\]$/,
			details: { step: 'wait', id: ID, status: 'created', http_status: 401 },
			paid: 3,
		},
	],
	[
		'a download',
		{
			fault: ['download', { url: ID }, { respond: { status: 404, body: 'gone' } }],
			error: /^The video is finished but .*HTTP 404 \(job job-of-the-bad-one\) \[item 2\]$/,
			details: {
				step: 'download',
				id: ID,
				status: 'completed',
				video_url: expect.stringContaining(`/outputs/${ID}/`),
			},
			paid: 3,
		},
	],
	[
		'a completed job without a video',
		{
			script: { outputs: [{ file: 'x' }] },
			error: /no video URL.* \(job job-of-the-bad-one\) \[item 2\]$/,
			details: { step: 'result', id: ID, status: 'completed' },
			paid: 3,
		},
	],
];

function arrange({ fault, script, voice, parameters = {} }: Cause): RunOptions {
	if (fault) emulator.faults.add({ on: fault[0], match: fault[1], do: fault[2] });
	emulator.scriptJob({ match: 'bad-', id: ID, ...script });
	const [first, bad, last] = itemsOf('a', 'bad', 'c');
	const files = { ...bad!.files, ...(voice && { left_audio: voice }) };
	return { items: [first!, { json: { mark: 'bad', row: 7 }, files }, last!], parameters };
}

/** What the JSON of the failed item says. */
function failureOf({ error, details }: Cause) {
	const message = expect.stringMatching(error);
	return { error: { message, ...details, next_step: expect.stringMatching(/\w/) } };
}

describe.each(causes)('%s', (_name, cause) => {
	it('sends its item down the error branch, with its own fields', async () => {
		const execution = await engine.run({ ...arrange(cause), node: TO_ERROR_OUTPUT });

		expect(execution.failure).toBeUndefined();
		expect(execution.good.map(({ json, pairedItem }) => [json.status, pairedItem])).toEqual([
			['completed', { item: 0 }],
			['completed', { item: 2 }],
		]);
		const json = { mark: 'bad', row: 7, ...failureOf(cause) };
		expect(execution.bad).toEqual([{ json, pairedItem: { item: 1 } }]);
		// They went on along the two connections.
		expect([execution.output('Good').length, execution.output('Bad').length]).toEqual([2, 1]);
		expect(emulator.billing().paid).toBe(cause.paid);
	});

	it('leaves its place among the others where the node continues', async () => {
		const node = { onError: 'continueRegularOutput' } as const;
		const execution = await engine.run({ ...arrange(cause), node });

		expect(execution.failure).toBeUndefined();
		expect(execution.good.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
		const [first, bad, last] = execution.good.map(({ json }) => json);
		expect(bad).toEqual(failureOf(cause));
		expect([first?.status, last?.status]).toEqual(['completed', 'completed']);
		expect(first).not.toHaveProperty('error');
	});

	it('fails the node in the same words where it stops the workflow', async () => {
		const { error, good } = await engine.run(arrange(cause));

		const { http_status: status } = cause.details;
		// n8n keeps the cause of an API error only.
		const api = { name: 'NodeApiError', httpCode: String(status), cause: { name: 'JobError' } };
		expect(error).toMatchObject({
			message: expect.stringMatching(cause.error),
			description: expect.stringMatching(/\w/),
			...(status === undefined ? { name: 'NodeOperationError' } : api),
		});
		expect(good).toEqual([]);
	});
});

it('where the workflow stops, the jobs of the other items that go on are named', async () => {
	for (const mark of ['a', 'c']) {
		emulator.scriptJob({ match: `${mark}-pair`, id: `job-of-${mark}`, seconds: 'never' });
	}
	const planned = arrange({ ...failedJob, script: { seconds: 'never', end: FLAGGED } });

	const running = engine.run(planned);
	await emulator.until(() => emulator.predictions().length === 3);
	await emulator.finishJob(ID);
	const { error } = await running;

	expect(error.message).toContain(ID);
	expect(error.description).toMatch(/pay for them \(item 1: job-of-a, item 3: job-of-c\)/);
});

it.each([
	['no key', { apiKey: ' ' }, 'The API Key in the WaveSpeed API credential is empty'],
	['an open address', { baseUrl: 'http://api.example.com' }, 'must start with https://'],
	['no address', { baseUrl: 'wavespeed' }, 'is not a valid URL'],
])('a credential with %s fails the node or all its items', async (_name, credential, sentence) => {
	const planned = { items: itemsOf('a', 'b'), credential };

	const stopped = await engine.run(planned);
	const continued = await engine.run({ ...planned, node: TO_ERROR_OUTPUT });

	expect(stopped.error.message).toContain(sentence);
	expect(continued.good).toEqual([]);
	expect(continued.bad.map(({ json }) => json.mark)).toEqual(['a', 'b']);
	for (const { message } of continued.errors) expect(message).toContain(sentence);
	expect(emulator.requests).toEqual([]);
});
