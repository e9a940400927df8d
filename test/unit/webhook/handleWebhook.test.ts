import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, jest, it } from '@jest/globals';
import type { IWebhookFunctions } from 'n8n-workflow';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/job/storedState';
import type { WaitingItem } from '../../../nodes/WaveSpeedInfiniteTalk/job/storedState';
import { handleWebhook } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/handleWebhook';

const BASE_URL = 'https://api.wavespeed.ai';
/** What the API says about each job by its ID. */
let jobs: Record<string, { status: number; body: unknown }>;
let polled: string[];
let counter = 0;

beforeEach(() => {
	jest.useFakeTimers();
	jobs = {};
	polled = [];
});

afterEach(() => {
	jest.useRealTimers();
});

/** A new ID each time: the process remembers jobs that have ended. */
function addJob(status: string): string {
	const id = `job${++counter}`;
	jobs[id] = { status: 200, body: { code: 200, message: 'ok', data: { id, status, outputs: [] } } };
	return id;
}

function addUnreadableJob(status: number): string {
	const id = `job${++counter}`;
	jobs[id] = { status, body: { code: status, message: 'no' } };
	return id;
}

function waitFor(ids: readonly string[]): WaitingItem[] {
	return ids.map((id) => ({
		state: 'running',
		id,
		key: id,
		since: 0,
		deadline: null,
		webhook: true,
	}));
}

async function call(ids: readonly string[], body: unknown, headers: object = {}) {
	const container = {};
	const items = waitFor(ids);
	openState(container).waiting['0'] = { turn: 1, begun: 0, items };
	const response = { status: 0 };
	const request = async (_credential: string, options: { url: string }) => {
		const id = /predictions\/([^/]+)/.exec(options.url)?.[1] ?? '';
		const job = jobs[id];
		if (job) polled.push(id);
		const { status, body: data } = job ?? { status: 404, body: { code: 404, message: 'no' } };
		return {
			statusCode: status,
			headers: {},
			body: Readable.from([Buffer.from(JSON.stringify(data))]),
		};
	};
	const context = {
		runExecutionData: { executionData: { contextData: { 'node:Video': container } } },
		getNode: () => ({ name: 'Video', credentials: {} }),
		getBodyData: () => body,
		getHeaderData: () => headers,
		getRequestObject: () => ({ rawBody: Buffer.from('{}') }),
		getResponseObject: () => ({
			status(code: number) {
				response.status = code;
				return { json: () => {} };
			},
		}),
		getCredentials: async () => ({ apiKey: 'a-key-of-some-length', baseUrl: BASE_URL }),
		logger: { warn: () => {} },
		helpers: { httpRequestWithAuthentication: request },
	} as unknown as IWebhookFunctions;
	const handled = handleWebhook(context);
	// The pauses between tries.
	await jest.advanceTimersByTimeAsync(10_000);
	const { workflowData } = await handled;
	return { isWoken: workflowData !== undefined, status: response.status, items };
}

describe('a call', () => {
	it('wakes the node when all jobs have ended, and hands over what it read', async () => {
		const ids = [addJob('completed'), addJob('failed')];
		const { isWoken, items } = await call(ids, { id: ids[0] });
		expect(isWoken).toBe(true);
		expect(items).toEqual(
			ids.map((id) => expect.objectContaining({ id, ended: expect.anything() })),
		);
	});

	it('leaves the execution stored while one job runs, whatever it says', async () => {
		const ids = [addJob('processing'), addJob('completed')];
		const body = { id: ids[0], status: 'completed', outputs: ['https://evil.example/1.mp4'] };
		expect(await call(ids, body)).toMatchObject({ isWoken: false, status: 200 });
	});

	it.each([404, 401, 500])(
		'about a job that is answered with HTTP %i does not hide that the others have ended',
		async (status) => {
			const ids = [addUnreadableJob(status), addJob('completed')];
			expect(await call(ids, { id: ids[1] })).toMatchObject({ isWoken: true });
		},
	);

	it.each([404, 401, 500])(
		'does not wake for a job that is answered with HTTP %i while another one runs',
		async (status) => {
			const ids = [addUnreadableJob(status), addJob('processing')];
			expect(await call(ids, { id: ids[0] })).toMatchObject({ isWoken: false, status: 200 });
		},
	);

	it('about a job that is not waited for is taken, and nothing is polled', async () => {
		const ids = [addJob('completed')];
		expect(await call(ids, { id: 'another' })).toMatchObject({ isWoken: false, status: 200 });
		expect(polled).toEqual([]);
	});

	it('with nothing to wait for is taken', async () => {
		expect(await call([], { id: 'any' })).toMatchObject({ isWoken: false, status: 200 });
	});

	it('without a body that names a job polls all the same', async () => {
		const ids = [addJob('completed')];
		expect(await call(ids, 'rubbish')).toMatchObject({ isWoken: true });
	});

	it('about a job that has ended is answered without polling it again', async () => {
		const ids = [addJob('completed')];
		await call(ids, { id: ids[0] });
		await call(ids, { id: ids[0] });
		expect(polled).toEqual(ids);
	});
});
