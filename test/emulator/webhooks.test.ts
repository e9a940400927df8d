import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startStub, type StubServer } from '../fixtures/stub-server';
import { startEmulator, type Emulator } from './emulator';
import { webhookSignature } from './webhooks';
import { ended, MADE_UP_INPUTS, submit } from './api-client';

const SECRET = 'whsec_dGVzdC1rZXktbm90LXJlYWw=';

let emulator: Emulator;
let server: StubServer;
/** Statuses of the next answers; 200 when there is none left. */
let answers: number[];

beforeEach(async () => {
	answers = [];
	server = await startStub(() => ({ status: answers.shift() ?? 200, body: 'ok' }));
	const quick = { readInputs: false, jobSeconds: 0, webhookBackoffSeconds: 0.005 };
	emulator = await startEmulator({ ...quick, webhookSecret: SECRET });
});
afterEach(async () => {
	await emulator.close();
	await server.close();
});

/** Runs a job with a webhook and waits for the statuses that answer its deliveries. */
async function outcomes(count: number): Promise<Array<number | undefined>> {
	const url = encodeURIComponent(`${server.url}/hook?token=a/b`);
	await ended(emulator, MADE_UP_INPUTS, { query: `?webhook=${url}` });
	const known = () => emulator.deliveries().filter(({ status }) => status !== undefined);
	await emulator.until(() => known().length === count);
	return known().map(({ status }) => status);
}

/** What the webhook at this place told, and whether it was signed as it should be. */
function told(at: number) {
	const { headers, body } = server.received[at]!;
	const [id = '', timestamp = ''] = [headers['webhook-id'], headers['webhook-timestamp']];
	const isSigned = headers['webhook-signature'] === webhookSignature(SECRET, id, timestamp, body);
	return { ...(JSON.parse(body.toString()) as object), isSigned };
}

it('the signature is that of the test vector', () => {
	const raw =
		'{"id":"wh-test-1","model":"wavespeed-ai/infinitetalk-fast/multi",' +
		'"outputs":["https://cdn.example.test/o/1.mp4"],"status":"completed","error":""}';
	expect(webhookSignature(SECRET, 'wh-test-1', 1760000000, raw)).toBe(
		'v3,683c85282e240cf12999abb472f8e31f69b826e36166924ce50e36bcceb7dbf9',
	);
});

it('a webhook delivers the bare prediction, signed, once the job has ended', async () => {
	const end = { status: 'failed', code: 1200, error: 'no' };
	emulator.scriptJob({ end });
	expect(await outcomes(1)).toEqual([200]);
	const { id, webhook } = emulator.predictions()[0]!;
	expect(webhook).toBe(`${server.url}/hook?token=a/b`);
	const input = MADE_UP_INPUTS;
	expect(told(0)).toMatchObject({ ...end, id, outputs: [], input, isSigned: true });
	expect(told(0)).toHaveProperty('executionTime');
	expect(server.received[0]!.headers).toMatchObject({ 'webhook-id': id });
});

it.each([
	['a 2xx', [409, 500], [409, 500, 200]],
	['the third further try', [500, 500, 500, 500], [500, 500, 500, 500]],
])('a webhook is repeated until %s', async (_what, given, seen) => {
	answers = [...given];
	expect(await outcomes(seen.length)).toEqual(seen);
});

it('a webhook can be lost, doubled, and forged', async () => {
	emulator.scriptJob({ webhook: 'none' });
	emulator.scriptJob({ webhook: { times: 2 } });
	expect(await outcomes(0)).toEqual([]);
	expect(await outcomes(2)).toEqual([200, 200]);
	const { id } = emulator.predictions()[1]!;
	expect([told(0), told(1)]).toMatchObject([{ id }, { id }]);

	await emulator.deliverWebhook(id, { set: { status: 'failed' }, timestamp: 1 });
	expect(server.received[2]!.headers).toMatchObject({ 'webhook-timestamp': '1' });
	expect(told(2)).toMatchObject({ id, status: 'failed', isSigned: true });
	await emulator.deliverWebhook(id, { signature: 'wrong' });
	expect(told(3)).toMatchObject({ id, status: 'completed', isSigned: false });
});

it.each(['http://example.test/', 'ftp://127.0.0.1/', 'hook'])(
	'a job is not taken with the webhook %s, which is no public https address',
	async (url) => {
		const response = await submit(emulator, MADE_UP_INPUTS, `?webhook=${encodeURIComponent(url)}`);
		expect(response).toMatchObject({ status: 400, json: { code: 400 } });
		expect(emulator.billing().billed).toBe(0);
	},
);
