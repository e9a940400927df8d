/** A failed item goes its own way, with all that a workflow needs to deal with it. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { FaultAction, JobScript, RouteName } from '../emulator/emulator';
import { itemsOf, refused, TO_ERROR_OUTPUT, UNAUTHORIZED } from './support/cases';
import type { RunOptions } from './support/engine';
import { file, ownMediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

/** ID of the job of the item that fails, where it gets as far. */
const ID = 'job-of-the-bad-one';

interface Cause {
	/** Makes the second of three items fail; its files are called `bad-…`. */
	arrange(): unknown;
	parameters?: INodeParameters;
	/** The bad item's files, when they are what is wrong. */
	files?: ReturnType<typeof ownMediaFixtures>;
	error: string | RegExp;
	details: object;
	/** Jobs that are paid for at the end. */
	paid: number;
}

function script(more: JobScript = {}): void {
	emulator.scriptJob({ match: 'bad-', id: ID, ...more });
}

function strike(on: RouteName, match: { url?: string; body?: string }, action: FaultAction): void {
	emulator.faults.add({ on, match, do: action });
}

const FLAGGED = { status: 'failed', code: 1200, error: 'Content flagged by the check' };

const failedJob: Cause = {
	arrange: () => script({ end: FLAGGED }),
	error: `Content flagged by the check (job ${ID}) [item 2]`,
	details: { step: 'result', id: ID, status: 'failed', code: 1200 },
	paid: 2,
};

const causes: Array<[string, Cause]> = [
	[
		'a check',
		{
			arrange: () => {},
			files: {
				...ownMediaFixtures('bad'),
				left_audio: file('bad.mp3', 'audio/mpeg', '<html></html>'),
			},
			error: 'Left Audio: the file "bad.mp3" is a web page (HTML), not a sound file [item 2]',
			details: { step: 'check', input: 'leftAudio' },
			paid: 2,
		},
	],
	[
		'an upload',
		{
			arrange: () => strike('ticket', { body: 'bad-right' }, refused(413, 'File too large')),
			error: 'Right Audio: File too large [item 2]',
			details: { step: 'upload', input: 'rightAudio', http_status: 413 },
			paid: 2,
		},
	],
	[
		'a refused submission',
		{
			arrange: () => strike('submit', { body: 'bad-' }, refused(400, 'Invalid "image"')),
			error: 'Invalid "image" [item 2]',
			details: { step: 'submit', http_status: 400 },
			paid: 2,
		},
	],
	['a failed job', failedJob],
	[
		'a timeout',
		{
			arrange: () => script({ seconds: 'never' }),
			parameters: { options: { timeoutMinutes: '={{ $json.mark === "bad" ? 1 : 360 }}' } },
			error: `The job did not finish within 1 minute (job ${ID}) [item 2]`,
			details: { step: 'wait', id: ID, status: 'processing' },
			paid: 3,
		},
	],
	[
		'a job that can no longer be read',
		{
			arrange: () => {
				script();
				strike('result', { url: ID }, UNAUTHORIZED);
			},
			error: `Unauthorized (job ${ID}) [item 2]`,
			details: { step: 'wait', id: ID, status: 'created', http_status: 401 },
			paid: 3,
		},
	],
	[
		'a download',
		{
			arrange: () => {
				script();
				strike('download', { url: ID }, { respond: { status: 404, body: 'gone' } });
			},
			error: new RegExp(`^The video is finished but .*HTTP 404 \\(job ${ID}\\) \\[item 2\\]$`),
			details: {
				step: 'download',
				id: ID,
				status: 'completed',
				video_url: expect.stringContaining(`/outputs/${ID}/`),
			},
			paid: 3,
		},
	],
];

/** What the JSON of the failed item says. */
function failureOf({ error, details }: Cause): { error: { message: unknown; next_step: unknown } } {
	return {
		error: {
			message: typeof error === 'string' ? error : expect.stringMatching(error),
			...details,
			next_step: expect.stringMatching(/\w/),
		},
	};
}

function planFor({ files = ownMediaFixtures('bad'), parameters = {} }: Cause): RunOptions {
	const [first, last] = itemsOf('a', 'c');
	return { items: [first!, { json: { mark: 'bad', row: 7 }, files }, last!], parameters };
}

describe.each(causes)('%s', (_name, cause) => {
	it('sends its item down the error branch, with its own fields', async () => {
		cause.arrange();

		const execution = await engine.run({ ...planFor(cause), node: TO_ERROR_OUTPUT });

		expect(execution.failure).toBeUndefined();
		expect(execution.good.map(({ json }) => json.status)).toEqual(['completed', 'completed']);
		expect(execution.good.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		const json = { mark: 'bad', row: 7, ...failureOf(cause) };
		expect(execution.bad).toEqual([{ json, pairedItem: { item: 1 } }]);
		// They went on along the two connections.
		expect([execution.output('Good').length, execution.output('Bad').length]).toEqual([2, 1]);
		expect(emulator.billing().paid).toBe(cause.paid);
	});

	it('leaves its place among the others where the node continues', async () => {
		cause.arrange();

		const execution = await engine.run({
			...planFor(cause),
			node: { onError: 'continueRegularOutput' },
		});

		expect(execution.failure).toBeUndefined();
		expect(execution.good.map(({ json, pairedItem }) => [json.status, pairedItem])).toEqual([
			['completed', { item: 0 }],
			[undefined, { item: 1 }],
			['completed', { item: 2 }],
		]);
		expect(execution.good[1]?.json).toEqual(failureOf(cause));
		expect(execution.good[0]?.json).not.toHaveProperty('error');
		expect(emulator.billing().paid).toBe(cause.paid);
	});

	it('fails the node in the same words where it stops the workflow', async () => {
		cause.arrange();

		const { error, good } = await engine.run(planFor(cause));

		const { http_status: status } = cause.details as { http_status?: number };
		// n8n keeps the cause of an API error only.
		const api = { name: 'NodeApiError', httpCode: String(status), cause: { name: 'JobError' } };
		expect(error).toMatchObject({
			message: failureOf(cause).error.message,
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
	script({ seconds: 'never', end: FLAGGED });

	const running = await engine.start(planFor(failedJob));
	await emulator.until(() => emulator.predictions().length === 3);
	await emulator.finishJob(ID);
	const { error } = await running.done;

	expect(error.message).toContain(ID);
	expect(error.description).toMatch(/pay for them \(item 1: job-of-a, item 3: job-of-c\)/);
});

it.each([
	['no key', { apiKey: ' ' }, 'The API Key in the WaveSpeed API credential is empty'],
	['an open address', { baseUrl: 'http://api.example.com' }, 'must start with https://'],
	['no address', { baseUrl: 'wavespeed' }, 'is not a valid URL'],
])('a credential with %s fails the node or all its items', async (_name, credential, sentence) => {
	const planned = { ...planFor(failedJob), credential };

	const stopped = await engine.run(planned);
	const continued = await engine.run({ ...planned, node: TO_ERROR_OUTPUT });

	expect(stopped.error.message).toContain(sentence);
	expect(continued.good).toEqual([]);
	expect(continued.bad.map(({ json }) => json.mark)).toEqual(['a', 'bad', 'c']);
	for (const { message } of continued.errors) expect(message).toContain(sentence);
	expect(emulator.requests).toEqual([]);
});
