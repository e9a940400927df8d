import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startStub, type Received, type StubServer } from '../fixtures/stub-server';
import { startEmulator, type Emulator } from './emulator';
import { webhookSignature } from './signature';
import { ended, MADE_UP_INPUTS, submit, submitted } from './api-client';

let emulator: Emulator;
let server: StubServer;
/** Statuses of the next answers; 200 when there is none left. */
let answers: number[];
let query: string;

beforeEach(async () => {
	answers = [];
	server = await startStub(() => ({ status: answers.shift() ?? 200, body: 'ok' }));
	query = `?webhook=${encodeURIComponent(`${server.url}/hook?token=a/b`)}`;
	const webhookSecret = 'whsec_dGVzdC1rZXktbm90LXJlYWw=';
	const webhookBackoffSeconds = 0.005;
	const quick = { readInputs: false, jobSeconds: 0 };
	emulator = await startEmulator({ ...quick, webhookSecret, webhookBackoffSeconds });
});
afterEach(async () => {
	await emulator.close();
	await server.close();
});

/** Submits with a webhook and waits until `count` deliveries have arrived. */
async function delivered(count: number): Promise<string> {
	const id = await submitted(emulator, MADE_UP_INPUTS, query);
	await emulator.until(() => server.received.length === count);
	return id;
}

function body(at = 0): Record<string, unknown> {
	return JSON.parse(server.received[at]?.body.toString() ?? '{}') as Record<string, unknown>;
}

function rightSignature({ headers, body: raw }: Received): string {
	const { webhookSecret } = emulator.settings;
	const [id, timestamp] = [headers['webhook-id'], headers['webhook-timestamp']].map(String);
	return webhookSignature(webhookSecret, id ?? '', timestamp ?? '', raw);
}

describe('the signature', () => {
	it('is that of the test vector', () => {
		const raw =
			'{"id":"wh-test-1","model":"wavespeed-ai/infinitetalk-fast/multi",' +
			'"outputs":["https://cdn.example.test/o/1.mp4"],"status":"completed","error":""}';
		expect(raw.length).toBe(144);
		expect(webhookSignature('whsec_dGVzdC1rZXktbm90LXJlYWw=', 'wh-test-1', 1760000000, raw)).toBe(
			'v3,683c85282e240cf12999abb472f8e31f69b826e36166924ce50e36bcceb7dbf9',
		);
	});
});

describe('a webhook', () => {
	it('delivers the bare prediction, signed, once the job has ended', async () => {
		const id = await delivered(1);
		expect(body()).toMatchObject({
			id,
			status: 'completed',
			outputs: [emulator.predictions()[0]!.videoUrl],
			input: MADE_UP_INPUTS,
			executionTime: expect.any(Number),
		});
		expect(body()).not.toHaveProperty('data');
		const { headers } = server.received[0]!;
		expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': id });
		expect(headers['webhook-signature']).toBe(rightSignature(server.received[0]!));
		await emulator.until(() => emulator.deliveries()[0]?.status === 200);
		expect(emulator.deliveries()).toMatchObject([{ predictionId: id, attempt: 1, status: 200 }]);
		expect(emulator.requestsTo('submit')[0]!.url).toContain(query);
		expect((emulator.predictions()[0]!.webhook ?? '').endsWith('/hook?token=a/b')).toBe(true);
	});

	it('reports a failed job, too', async () => {
		emulator.scriptJob({ end: { status: 'failed', code: 1200, error: 'no' } });
		await delivered(1);
		expect(body()).toMatchObject({ status: 'failed', code: 1200, error: 'no', outputs: [] });
	});

	it('is retried up to three times until a 2xx', async () => {
		answers = [409, 500];
		await delivered(3);
		await emulator.until(() => emulator.deliveries().at(-1)?.status === 200);
		expect(emulator.deliveries().map(({ status }) => status)).toEqual([409, 500, 200]);

		answers = [500, 500, 500, 500];
		await delivered(7);
		await emulator.until(() => emulator.deliveries().at(-1)?.status === 500);
		expect(emulator.deliveries().map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1, 2, 3, 4]);
	});

	it('is retried when the connection is refused', async () => {
		const id = await submitted(emulator, MADE_UP_INPUTS, '?webhook=http%3A%2F%2F127.0.0.1%3A1%2F');
		await emulator.until(() => emulator.deliveries().at(3)?.error !== undefined);
		expect(emulator.deliveries()).toHaveLength(4);
		expect(emulator.deliveries()[0]).toMatchObject({ predictionId: id, attempt: 1 });
		expect(emulator.deliveries()[0]).not.toHaveProperty('status');
	});

	it('can be lost, or doubled', async () => {
		emulator.scriptJob({ webhook: 'none' });
		const lost = await ended(emulator, MADE_UP_INPUTS, query);
		emulator.scriptJob({ webhook: { times: 2 } });
		const doubled = await delivered(2);
		expect([body(0)['id'], body(1)['id']]).toEqual([doubled, doubled]);
		expect(emulator.deliveries().map((one) => one.predictionId)).not.toContain(lost);
	});

	it('can be sent by hand with anything in it', async () => {
		const id = await delivered(1);
		const sent = await emulator.deliverWebhook(id, {
			set: { status: 'failed' },
			timestamp: 1,
			signature: 'wrong',
			retries: 0,
		});
		expect(sent).toMatchObject({ status: 200, headers: { 'webhook-timestamp': '1' } });
		expect(body(1)).toMatchObject({ id, status: 'failed' });
		const forged = server.received[1]!;
		expect(forged.headers['webhook-signature']).not.toBe(rightSignature(forged));
		await emulator.deliverWebhook(id, { body: 'not json' });
		expect(server.received[2]!.body.toString()).toBe('not json');
		expect(server.received[2]!.headers['webhook-signature']).toBe(
			rightSignature(server.received[2]!),
		);
		await expect(emulator.deliverWebhook('unknown')).rejects.toThrow('no webhook');
	});

	it('needs a public https address', async () => {
		for (const url of ['http://example.test/', 'ftp://127.0.0.1/', 'hook']) {
			const response = await submit(
				emulator,
				MADE_UP_INPUTS,
				`?webhook=${encodeURIComponent(url)}`,
			);
			expect(response).toMatchObject({ status: 400, json: { code: 400 } });
		}
		expect(emulator.billing().billed).toBe(0);
	});
});
