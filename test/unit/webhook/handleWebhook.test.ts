import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, jest, it } from '@jest/globals';
import { createHmac } from 'crypto';
import type { IWebhookFunctions } from 'n8n-workflow';
import {
	type WaitingItem,
	openState,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { handleWebhook } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/handleWebhook';

const BASE_URL = 'https://api.wavespeed.ai';
/** What the API says about each job by its ID. */
let jobs: Record<string, { status: number; body: unknown }>;
let polled: string[];
let polledAt: number[];
let secretsRead = 0;
let counter = 0;

beforeEach(() => {
	// Streams go on by these.
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
	jobs = {};
	polled = [];
	polledAt = [];
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
	const running = { state: 'running', since: 0, deadline: null } as const;
	return ids.map((id) => ({ ...running, id, key: id }));
}

/** As n8n gives the answer of a request for a stream. */
function respond(statusCode: number, body: unknown) {
	return { statusCode, headers: {}, body: Readable.from([Buffer.from(JSON.stringify(body))]) };
}

interface Circumstances {
	headers?: object;
	/** The secret of the account; it has none when this is empty, and tells none when it is absent. */
	secret?: string | undefined;
	/** Of the credential; each account has another secret. */
	account?: string;
	/** The round that has begun: 0 while the execution is stored. */
	begun?: number;
	/** False for a credential that cannot be read. */
	hasCredential?: boolean;
	rawBody?: unknown;
	/** Items besides those that are waited for. */
	others?: WaitingItem[];
	/** Default: an execution that nobody has called before. */
	executionId?: string;
}

const NO_NOTES = { hints: [], reusedFrom: [], recovered: 0, flagged: 0, videos: 0 };

async function call(ids: readonly string[], body: unknown, circumstances: Circumstances = {}) {
	const { headers = {}, secret, account, begun = 0, hasCredential = true } = circumstances;
	const { rawBody = Buffer.from('{}'), executionId = `execution-${++counter}` } = circumstances;
	const container = {};
	const items = [...waitFor(ids), ...(circumstances.others ?? [])];
	const wait = { round: 1, begun, storedAt: 0, executionId, items, notes: NO_NOTES };
	openState(container).waiting['0'] = wait;
	const response = { status: 0, message: '' };
	const warnings: string[] = [];
	secretsRead = 0;
	const request = async (_credential: string, options: { url: string }) => {
		if (options.url === `${BASE_URL}/api/v3/webhook/secret` && secret !== undefined) {
			secretsRead++;
			const data = { secret: secret || null };
			return respond(200, { code: 200, data });
		}
		const id = /predictions\/([^/]+)/.exec(options.url)?.[1] ?? '';
		const job = jobs[id];
		if (job) {
			polled.push(id);
			polledAt.push(Date.now());
		}
		const { status, body: data } = job ?? { status: 404, body: { code: 404, message: 'no' } };
		return respond(status, data);
	};
	const context = {
		runExecutionData: { executionData: { contextData: { 'node:Video': container } } },
		getNode: () => ({ name: 'Video', credentials: { waveSpeed: account } }),
		getExecutionId: () => executionId,
		getBodyData: () => body,
		getHeaderData: () => headers,
		getRequestObject: () => ({ rawBody }),
		getResponseObject: () => ({
			status(code: number) {
				response.status = code;
				return { json: (sent: { message: string }) => (response.message = sent.message) };
			},
		}),
		getCredentials: async () => {
			if (!hasCredential) throw new Error('It is gone');
			return { apiKey: 'a-key-of-some-length', baseUrl: BASE_URL };
		},
		logger: { warn: (text: string) => warnings.push(text) },
		helpers: { httpRequestWithAuthentication: request },
	} as unknown as IWebhookFunctions;
	const handled = handleWebhook(context);
	// The pauses between tries.
	await jest.advanceTimersByTimeAsync(10_000);
	const { workflowData, noWebhookResponse } = await handled;
	const isWoken = workflowData !== undefined;
	// n8n answers a call that wakes by itself.
	expect([noWebhookResponse, workflowData]).toEqual(isWoken ? [undefined, []] : [true, undefined]);
	return { isWoken, ...response, items, warnings };
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
		const message = 'There is nothing to do yet';
		expect(await call(ids, body)).toMatchObject({ isWoken: false, status: 200, message });
		expect(polled).toEqual(ids.slice(0, 1));
	});

	it.each([404, 401, 500])(
		'wakes for a job that is returned HTTP %i when the others have ended, else not',
		async (status) => {
			const unreadable = addUnreadableJob(status);
			const [ended, runs] = [addJob('completed'), addJob('processing')];
			expect(await call([unreadable, ended], { id: ended })).toMatchObject({ isWoken: true });
			const answer = { isWoken: false, status: 200 };
			expect(await call([unreadable, runs], { id: unreadable })).toMatchObject(answer);
		},
	);

	it('about a job that is not waited for is taken, and nothing is polled', async () => {
		const ids = [addJob('completed')];
		const message = 'This job is not waited for';
		const answer = await call(ids, { id: 'another' });
		expect(answer).toMatchObject({ isWoken: false, status: 200, message });
		expect(polled).toEqual([]);
	});

	it('with nothing to wait for is taken', async () => {
		const answer = { isWoken: false, status: 200, message: 'Nothing is waited for' };
		expect(await call([], { id: 'any' })).toMatchObject(answer);
		const ids = [addJob('completed')];
		expect(await call(ids, { id: ids[0] }, { begun: 1 })).toMatchObject(answer);
		const others: WaitingItem[] = [{ state: 'pending' }, { state: 'done', json: {} }];
		expect(await call([], {}, { others })).toMatchObject(answer);
	});

	it('reads the job that it names first, then the one that was read least recently', async () => {
		const [a, b] = [addJob('processing'), addJob('processing')] as const;
		for (const body of [{}, {}, {}, { id: b }]) await call([a, b], body);
		expect(polled).toEqual([a, b, a, b]);
	});

	it.each([{ id: 7 }, null, { id: ['x'] }, 'rubbish'])(
		'that names no job (%j) polls all',
		async (body) => {
			const ids = [addJob('completed'), addJob('completed')];
			expect(await call(ids, body)).toMatchObject({ isWoken: true });
			expect(polled).toEqual(ids);
		},
	);

	it.each([
		[500, 3],
		[404, 2],
	])('tries a job that is returned HTTP %i %i times', async (status, times) => {
		const ids = [addUnreadableJob(status)];
		expect(await call(ids, {})).toMatchObject({ isWoken: true });
		expect(polled).toHaveLength(times);
		const [first = 0, ...later] = polledAt;
		if (status === 500) expect(later.map((at) => at - first)).toEqual([1_000, 3_000]);
	});

	it('wakes the node without a credential, so that the node says so', async () => {
		const ids = [addJob('completed')];
		const { isWoken, warnings } = await call(ids, {}, { hasCredential: false });
		expect([isWoken, warnings]).toEqual([
			true,
			[expect.stringMatching(/^WaveSpeed InfiniteTalk: the call could not be checked: .*gone/)],
		]);
	});

	it('wakes the node for one job that has ended when an item waits for its place', async () => {
		const [ended, runs] = [addJob('completed'), addJob('processing')] as const;
		const others: WaitingItem[] = [{ state: 'pending' }];
		expect(await call([ended, runs], { id: runs }, { others })).toMatchObject({ isWoken: false });
		expect(await call([ended, runs], { id: ended }, { others })).toMatchObject({ isWoken: true });
		expect(polled).toEqual([runs, ended]);
		// One that has ended is known by now, whichever job the call names.
		expect(await call([ended, runs], { id: runs }, { others })).toMatchObject({ isWoken: true });
	});

	it('wakes a round once: a second call is taken, and nothing is read', async () => {
		const ids = [addJob('completed'), addJob('completed')];
		const executionId = 'called-twice';
		expect(await call(ids, { id: ids[0] }, { executionId })).toMatchObject({ isWoken: true });
		const message = 'The node has been woken already';
		const second = await call(ids, { id: ids[1] }, { executionId });
		expect(second).toMatchObject({ isWoken: false, status: 200, message });
		expect(polled).toEqual(ids);
	});

	it('wakes a round once also when two calls meet, or when the credential is gone', async () => {
		const ids = [addJob('completed'), addJob('completed')];
		const executionId = 'two-calls-meet';
		const calls = ids.map(async (id) => await call(ids, { id }, { executionId }));
		expect((await Promise.all(calls)).map(({ isWoken }) => isWoken)).toEqual([true, false]);
		// One after the other: what the first has read is not read again.
		expect(polled).toEqual(ids);
		const blind = { executionId: 'blind', hasCredential: false };
		expect(await call(ids, {}, blind)).toMatchObject({ isWoken: true });
		expect(await call(ids, {}, blind)).toMatchObject({ isWoken: false });
	});

	it('about a job that has ended is answered without polling it again', async () => {
		const ids = [addJob('completed')];
		await call(ids, { id: ids[0] });
		await call(ids, { id: ids[0] });
		expect(polled).toEqual(ids);
	});
});

describe('a signed call', () => {
	const SECRET = 'whsec_of-the-account';
	let account = 0;

	beforeEach(() => {
		account++;
	});

	/** What WaveSpeed sends, signed with the secret now. */
	function sign(secret: string) {
		const timestamp = String(Math.floor(Date.now() / 1000));
		const digest = createHmac('sha256', secret.replace('whsec_', ''))
			.update(`call-1.${timestamp}.{}`)
			.digest('hex');
		return {
			'webhook-id': 'call-1',
			'webhook-timestamp': timestamp,
			'webhook-signature': `v3,${digest}`,
		};
	}

	const callSigned = async (by: string, more: Circumstances = {}) => {
		const signed = { headers: sign(by), secret: SECRET, account: String(account), ...more };
		return await call([addJob('completed')], {}, signed);
	};

	it('wakes the node; the secret is read once', async () => {
		expect(await callSigned(SECRET)).toMatchObject({ isWoken: true });
		expect(secretsRead).toBe(1);
		expect(await callSigned(SECRET)).toMatchObject({ isWoken: true });
		expect(secretsRead).toBe(0);
	});

	it('with another secret is refused, and no job is read', async () => {
		const answer = { isWoken: false, status: 401, message: 'The signature is wrong' };
		expect(await callSigned('whsec_other')).toMatchObject(answer);
		expect(polled).toEqual([]);
	});

	it('with another secret is refused also when the right one is known', async () => {
		await callSigned(SECRET);
		expect(await callSigned('whsec_other')).toMatchObject({ isWoken: false, status: 401 });
	});

	it('wakes the node after the account has got another secret', async () => {
		await callSigned(SECRET);
		expect(await callSigned('new', { secret: 'new' })).toMatchObject({ isWoken: true });
		expect(await callSigned('new', { secret: 'third' })).toMatchObject({ isWoken: true });
	});

	it('of another account is refused', async () => {
		await callSigned(SECRET);
		const answer = await callSigned(SECRET, { account: 'another', secret: 'other' });
		expect(answer).toMatchObject({ status: 401 });
	});

	it.each(['', undefined])('wakes the node where the secret is %j', async (secret) => {
		expect(await callSigned('any', { secret })).toMatchObject({ isWoken: true });
	});

	it.each([
		['without an ID', { 'webhook-id': undefined }],
		['without a time', { 'webhook-timestamp': undefined }],
	])('%s is refused', async (_what, lacking) => {
		const answer = await callSigned(SECRET, { headers: { ...sign(SECRET), ...lacking } });
		expect(answer).toMatchObject({ status: 401 });
	});

	it('without the bytes of its body is refused', async () => {
		expect(await callSigned(SECRET, { rawBody: '{}' })).toMatchObject({ status: 401 });
	});
});
