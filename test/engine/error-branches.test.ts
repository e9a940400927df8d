/** A failed item goes its own way, with all that a workflow needs to deal with it. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { Emulator } from '../emulator/emulator';
import { createEngine, type RunOptions } from './support/engine';
import { file, ownMediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

/** ID of the job of the item that fails, where it gets as far. */
const ID = 'job-of-the-bad-one';

interface Cause {
	/** Makes the second of three items fail; its files are called `bad-…`. */
	arrange(emulator: Emulator): void;
	parameters?: INodeParameters;
	/** The bad item's files, when they are what is wrong. */
	files?: ReturnType<typeof ownMediaFixtures>;
	error: string | RegExp;
	details: object;
	/** Jobs that are paid for at the end. */
	paid: number;
}

const refusal = { status: 400, body: { code: 400, message: 'Invalid parameter "image"' } };

const causes: Array<[string, Cause]> = [
	[
		'a check',
		{
			arrange: () => undefined,
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
			arrange: ({ faults }) =>
				faults.add({
					on: 'ticket',
					match: { body: 'bad-right-voice' },
					do: { respond: { status: 413, body: { code: 413, message: 'File too large' } } },
				}),
			error: 'Right Audio: File too large [item 2]',
			details: { step: 'upload', input: 'rightAudio', http_status: 413 },
			paid: 2,
		},
	],
	[
		'a refused submission',
		{
			arrange: ({ faults }) =>
				faults.add({ on: 'submit', match: { body: 'bad-' }, do: { respond: refusal } }),
			error: 'Invalid parameter "image" [item 2]',
			details: { step: 'submit', http_status: 400 },
			paid: 2,
		},
	],
	[
		'a failed job',
		{
			arrange: (emulator) =>
				emulator.scriptJob({
					match: 'bad-',
					id: ID,
					end: { status: 'failed', code: 1200, error: 'Content flagged by the check' },
				}),
			error: `Content flagged by the check (job ${ID}) [item 2]`,
			details: { step: 'result', id: ID, status: 'failed', code: 1200 },
			paid: 2,
		},
	],
	[
		'a timeout',
		{
			arrange: (emulator) => emulator.scriptJob({ match: 'bad-', id: ID, seconds: 'never' }),
			parameters: { options: { timeoutMinutes: '={{ $json.mark === "bad" ? 1 : 360 }}' } },
			error: `The job did not finish within 1 minute (job ${ID}) [item 2]`,
			details: { step: 'wait', id: ID, status: 'processing' },
			paid: 3,
		},
	],
	[
		'a job that can no longer be read',
		{
			arrange: (emulator) => {
				emulator.scriptJob({ match: 'bad-', id: ID });
				const respond = { status: 401, body: { code: 401, message: 'Unauthorized' } };
				emulator.faults.add({ on: 'result', match: { url: ID }, do: { respond } });
			},
			error: `Unauthorized (job ${ID}) [item 2]`,
			details: { step: 'wait', id: ID, status: 'created', http_status: 401 },
			paid: 3,
		},
	],
	[
		'a download',
		{
			arrange: (emulator) => {
				emulator.scriptJob({ match: 'bad-', id: ID });
				const respond = { status: 404, body: 'gone' };
				emulator.faults.add({ on: 'download', match: { url: ID }, do: { respond } });
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
	return {
		items: [
			{ json: { mark: 'a' }, files: ownMediaFixtures('a') },
			{ json: { mark: 'bad', row: 7 }, files },
			{ json: { mark: 'c' }, files: ownMediaFixtures('c') },
		],
		parameters,
	};
}

describe('Continue (using error output)', () => {
	it.each(causes)('%s sends its item down the error branch', async (_name, cause) => {
		cause.arrange(emulator);

		const execution = await engine.run({
			...planFor(cause),
			node: { onError: 'continueErrorOutput' },
		});

		expect(execution.failure).toBeUndefined();
		expect(execution.good.map(({ json }) => json.status)).toEqual(['completed', 'completed']);
		expect(execution.good.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
		expect(execution.bad).toEqual([
			{
				// The input's own fields survive beside what went wrong.
				json: { mark: 'bad', row: 7, ...failureOf(cause) },
				pairedItem: { item: 1 },
			},
		]);
		// They went on along the two connections.
		expect(execution.output('Good')).toHaveLength(2);
		expect(execution.output('Bad')).toHaveLength(1);
		expect(emulator.billing().paid).toBe(cause.paid);
	});

	it('what survives can be read by expression', async () => {
		const [, cause] = causes[3]!;
		cause.arrange(emulator);

		const execution = await engine.run({
			...planFor(cause),
			node: { onError: 'continueErrorOutput' },
		});

		const [{ json }] = execution.output('Bad') as [{ json: { error: { id: string } } }];
		expect(json.error.id).toBe(ID);
	});
});

describe('Continue', () => {
	it.each(causes)('%s leaves its place among the others', async (_name, cause) => {
		cause.arrange(emulator);

		const execution = await engine.run({
			...planFor(cause),
			node: { onError: 'continueRegularOutput' },
		});

		expect(execution.failure).toBeUndefined();
		expect(execution.good.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2].map((item) => ({ item })),
		);
		expect(execution.good.map(({ json }) => json.status)).toEqual([
			'completed',
			undefined,
			'completed',
		]);
		expect(execution.good[1]?.json).toEqual(failureOf(cause));
		expect(execution.good[0]?.json).not.toHaveProperty('error');
		expect(emulator.billing().paid).toBe(cause.paid);
	});
});

describe('Stop Workflow', () => {
	it.each(causes)('%s fails the node in the same words', async (_name, cause) => {
		cause.arrange(emulator);

		const execution = await engine.run(planFor(cause));

		const { http_status: status } = cause.details as { http_status?: number };
		const { message } = execution.error;
		expect({ message }).toEqual({ message: failureOf(cause).error.message });
		expect(execution.error.description).toMatch(/\w/);
		expect(execution.error).toMatchObject({
			name: status === undefined ? 'NodeOperationError' : 'NodeApiError',
		});
		// n8n keeps the cause of this one only.
		const kept = { httpCode: String(status), cause: { name: 'JobError' } };
		expect(execution.error).toMatchObject(status === undefined ? {} : kept);
		expect(execution.good).toEqual([]);
	});

	it('jobs of the other items that go on are named', async () => {
		const [, cause] = causes[3]!;
		emulator.scriptJob({ match: 'a-pair', id: 'job-of-a', seconds: 'never' });
		emulator.scriptJob({ match: 'c-pair', id: 'job-of-c', seconds: 'never' });
		emulator.scriptJob({ match: 'bad-', id: ID, seconds: 'never', end: { status: 'failed' } });

		const running = engine.start(planFor(cause));
		await emulator.until(() => emulator.predictions().length === 3);
		await emulator.finishJob(ID);
		const execution = await running.done;

		expect(execution.error.message).toContain(ID);
		expect(execution.error.description).toMatch(
			/pay for them \(item \d: job-of-\w, item \d: job-of-\w\)\./,
		);
	});
});

describe('a credential that cannot work', () => {
	const wrong: Array<[string, { apiKey?: string; baseUrl?: string }, string]> = [
		['no key', { apiKey: ' ' }, 'The API Key in the WaveSpeed API credential is empty'],
		['an open address', { baseUrl: 'http://api.example.com' }, 'must start with https://'],
		['no address', { baseUrl: 'wavespeed' }, 'is not a valid URL'],
	];

	it.each(wrong)(
		'%s fails the node or all its items, and nothing is sent',
		async (_name, options, sentence) => {
			const engine = await createEngine({ emulator, ...options });
			const planned = planFor(causes[1]![1]);

			const stopped = await engine.run(planned);
			const continued = await engine.run({ ...planned, node: { onError: 'continueErrorOutput' } });

			expect(stopped.error.message).toContain(sentence);
			expect(continued.good).toEqual([]);
			expect(continued.bad.map(({ json }) => json.mark)).toEqual(['a', 'bad', 'c']);
			for (const { message } of continued.errors) expect(message).toContain(sentence);
			expect(emulator.requests).toEqual([]);
		},
	);
});
