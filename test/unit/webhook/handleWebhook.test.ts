/** WaveSpeed's call to a stored execution: what it is answered, and whether it wakes the node. */
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, jest, it } from '@jest/globals';
import { createHmac } from 'crypto';
import type { IWebhookFunctions } from 'n8n-workflow';
import {
	type WaitingItem,
	openState,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { handleWebhook } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/handleWebhook';
import { BASE, createRefusal, createSuccess } from '../support/api';
import { createWaitingRun } from '../support/records';

/** What the API says about each job by its ID. */
const jobs: Record<string, ReturnType<typeof createSuccess>> = {};
let polled: string[];
let polledAt: number[];
let secretsRead = 0;
let counter = 0;

beforeEach(() => {
	// Streams go on by these.
	jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
	[polled, polledAt] = [[], []];
});

afterEach(() => void jest.useRealTimers());

/** A job with a status, or one that is answered with an HTTP status. Its ID is new: jobs are remembered. */
function addJob(status: string | number): string {
	const id = `job${++counter}`;
	jobs[id] =
		typeof status === 'number'
			? createRefusal(status, 'no')
			: createSuccess({ id, status, outputs: [] });
	return id;
}

/** What there is beside the call, unless a test says otherwise. */
const USUAL = {
	headers: {},
	/** The secret of the account; it has none when this is empty, and tells none when it is absent. */
	secret: undefined as string | undefined,
	/** Of the credential; each account has another secret. */
	account: '',
	/** The round that has begun: 0 while the execution is stored. */
	begun: 0,
	/** False for a credential that cannot be read. */
	hasCredential: true,
	/** Items besides those that are waited for. */
	others: [] as WaitingItem[],
	/** Default: an execution that nobody has called before. */
	executionId: '',
};

/** The service, by n8n's helper, whose answer is a stream. */
function createRequest(secret: string | undefined) {
	return async (_credential: string, { url }: { url: string }) => {
		const id = /predictions\/([^/]+)/.exec(url)?.[1] ?? '';
		let answer = jobs[id];
		if (answer) {
			polled.push(id);
			polledAt.push(Date.now());
		} else if (url === `${BASE}/api/v3/webhook/secret` && secret !== undefined) {
			secretsRead++;
			answer = createSuccess({ secret: secret || null });
		}
		const { status, headers, text } = answer ?? createRefusal(404, 'no');
		return { statusCode: status, headers, body: Readable.from([Buffer.from(text)]) };
	};
}

async function call(ids: readonly string[], body: unknown, more: Partial<typeof USUAL> = {}) {
	const { headers, secret, account, begun, hasCredential, others, ...place } = {
		...USUAL,
		...more,
	};
	const executionId = place.executionId || `execution-${++counter}`;
	const running = { state: 'running', since: 0, deadline: null } as const;
	const items = [...ids.map((id): WaitingItem => ({ ...running, id, key: id })), ...others];
	const container = {};
	openState(container).waiting['0'] = createWaitingRun(items, { begun, executionId });
	const response = { status: 0, message: '' };
	const warnings: string[] = [];
	secretsRead = 0;
	const context = {
		runExecutionData: { executionData: { contextData: { 'node:Video': container } } },
		getNode: () => ({ name: 'Video', credentials: { waveSpeed: account } }),
		getExecutionId: () => executionId,
		getBodyData: () => body,
		getHeaderData: () => headers,
		getRequestObject: () => ({ rawBody: Buffer.from('{}') }),
		getResponseObject: () => ({
			status(code: number) {
				response.status = code;
				return { json: (sent: { message: string }) => (response.message = sent.message) };
			},
		}),
		getCredentials: async () => {
			if (!hasCredential) throw new Error('It is gone');
			return { apiKey: 'a-key-of-some-length', baseUrl: BASE };
		},
		logger: { warn: (text: string) => warnings.push(text) },
		helpers: { httpRequestWithAuthentication: createRequest(secret) },
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

const WOKEN = { isWoken: true };

/** The answer to a call that does not wake. */
function taken(message: string) {
	return { isWoken: false, status: 200, message };
}

describe('a call', () => {
	it('wakes the node when all jobs have ended, and hands over what it read', async () => {
		const ids = [addJob('completed'), addJob('failed')];
		const { isWoken, items } = await call(ids, { id: ids[0] });
		expect(isWoken).toBe(true);
		expect(items).toMatchObject(ids.map((id) => ({ id, ended: { id } })));
		// Nor are they read again.
		expect(await call(ids, { id: ids[0] })).toMatchObject(WOKEN);
		expect(polled).toEqual(ids);
	});

	it('leaves the execution stored while one job runs, whatever it says', async () => {
		const ids = [addJob('processing'), addJob('completed')];
		const body = { id: ids[0], status: 'completed', outputs: ['https://evil.example/1.mp4'] };
		expect(await call(ids, body)).toMatchObject(taken('There is nothing to do yet'));
		expect(polled).toEqual(ids.slice(0, 1));
	});

	it('wakes for a job that cannot be read when the others have ended, else not', async () => {
		const [unreadable, ended] = [addJob(401), addJob('completed')];
		expect(await call([unreadable, ended], { id: ended })).toMatchObject(WOKEN);
		expect(polled).toEqual([ended, unreadable]);
		const answer = await call([unreadable, addJob('processing')], { id: unreadable });
		expect(answer).toMatchObject(taken('There is nothing to do yet'));
	});

	it('with nothing to do is taken, and nothing is polled', async () => {
		const others: WaitingItem[] = [{ state: 'pending' }, { state: 'done', json: {} }];
		const nothing = taken('Nothing is waited for');
		expect(await call([], { id: 'any' }, { others })).toMatchObject(nothing);
		expect(await call([addJob('completed')], {}, { begun: 1 })).toMatchObject(nothing);
		const another = await call([addJob('completed')], { id: 'another' });
		expect(another).toMatchObject(taken('This job is not waited for'));
		expect(polled).toEqual([]);
	});

	it('reads the job that it names first, then the one that was read least recently', async () => {
		const [a, b] = [addJob('processing'), addJob('processing')] as const;
		for (const body of [{}, {}, {}, { id: b }]) await call([a, b], body);
		expect(polled).toEqual([a, b, a, b]);
	});

	it.each([{ id: 7 }, null])('that names no job (%j) polls all', async (body) => {
		const ids = [addJob('completed'), addJob('completed')];
		expect(await call(ids, body)).toMatchObject(WOKEN);
		expect(polled).toEqual(ids);
	});

	it('tries a job that cannot be read for the moment after 1 s, and 2 s later', async () => {
		await call([addJob(500)], {});
		expect(polledAt.map((at) => at - polledAt[0]!)).toEqual([0, 1_000, 3_000]);
	});

	it('wakes the node without a credential, so that the node says so, once', async () => {
		const blind = { executionId: 'blind', hasCredential: false };
		const { isWoken, warnings } = await call([addJob('completed')], {}, blind);
		expect(isWoken).toBe(true);
		expect(warnings).toEqual([
			expect.stringMatching(/^WaveSpeed InfiniteTalk: the call could not be checked: .*gone/),
		]);
		expect(await call([addJob('completed')], {}, blind)).toMatchObject({ isWoken: false });
	});

	it('wakes the node for one job that has ended when an item waits for its place', async () => {
		const [ended, runs] = [addJob('completed'), addJob('processing')] as const;
		const others: WaitingItem[] = [{ state: 'pending' }];
		expect(await call([ended, runs], { id: runs }, { others })).toMatchObject({ isWoken: false });
		expect(await call([ended, runs], { id: ended }, { others })).toMatchObject(WOKEN);
		expect(polled).toEqual([runs, ended]);
		// One that has ended is known by now, whichever job the call names.
		expect(await call([ended, runs], { id: runs }, { others })).toMatchObject(WOKEN);
	});

	it('wakes a round once, also when two calls meet: the second one reads nothing', async () => {
		const ids = [addJob('completed'), addJob('completed')];
		const others: WaitingItem[] = [{ state: 'pending' }];
		const more = { executionId: 'two-calls', others };
		const calls = ids.map(async (id) => await call(ids, { id }, more));
		const over = taken('The node has been woken already');
		expect(await Promise.all(calls)).toMatchObject([WOKEN, over]);
		expect(polled).toEqual(ids.slice(0, 1));
	});
});

describe('a signed call', () => {
	const SECRET = 'whsec_of-the-account';
	const REFUSED = { isWoken: false, status: 401, message: 'The signature is wrong' };
	let account = 0;

	beforeEach(() => void account++);

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

	const callSigned = async (by: string, more: Partial<typeof USUAL> = {}) => {
		const signed = { headers: sign(by), secret: SECRET, account: String(account), ...more };
		return await call([addJob('completed')], {}, signed);
	};

	it('is known by the secret, which is read once, and again when it does not fit', async () => {
		expect(await callSigned('whsec_other')).toMatchObject(REFUSED);
		expect([polled, secretsRead]).toEqual([[], 1]);
		expect(await callSigned(SECRET)).toMatchObject(WOKEN);
		expect(secretsRead).toBe(0);
		expect(await callSigned('whsec_other')).toMatchObject(REFUSED);
		expect(await callSigned('new', { secret: 'new' })).toMatchObject(WOKEN);
	});

	it('of another account is refused', async () => {
		await callSigned(SECRET);
		const another = { account: 'another', secret: 'other' };
		expect(await callSigned(SECRET, another)).toMatchObject(REFUSED);
	});

	it.each(['', undefined])('wakes the node where the secret is %j', async (secret) => {
		expect(await callSigned('any', { secret })).toMatchObject(WOKEN);
	});
});
