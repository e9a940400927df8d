import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ManualClock } from './clock';
import { startEmulator, type Emulator } from './emulator';
import { webhookSignature } from './signature';
import { apiRequest, MADE_UP_INPUTS, submit, submitted } from './api-client';

interface Received {
	headers: IncomingHttpHeaders;
	body: string;
}

let emulator: Emulator;
let server: Server;
let received: Received[];
/** Statuses of the next answers; 200 when there is none left. */
let answers: number[];
let query: string;

beforeEach(async () => {
	received = [];
	answers = [];
	server = createServer((incoming, response) => {
		const chunks: Buffer[] = [];
		incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
		incoming.on('end', () => {
			received.push({ headers: incoming.headers, body: Buffer.concat(chunks).toString() });
			response.statusCode = answers.shift() ?? 200;
			response.end('ok');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	query = `?webhook=${encodeURIComponent(`http://127.0.0.1:${port}/hook?token=a/b`)}`;
	const webhookSecret = 'whsec_dGVzdC1rZXktbm90LXJlYWw=';
	const webhookBackoffSeconds = 0.005;
	const quick = { readInputs: false, jobSeconds: 0 };
	emulator = await startEmulator({ ...quick, webhookSecret, webhookBackoffSeconds });
});
afterEach(async () => {
	await emulator.close();
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

/** Submits with a webhook and waits until `count` deliveries have arrived. */
async function delivered(count: number): Promise<string> {
	const id = await submitted(emulator, MADE_UP_INPUTS, query);
	await emulator.until(() => received.length === count);
	return id;
}

function body(at = 0): Record<string, unknown> {
	return JSON.parse(received[at]?.body ?? '{}') as Record<string, unknown>;
}

function rightSignature({ headers, body: raw }: Received): string {
	const { secret } = { secret: emulator.settings.webhookSecret };
	return webhookSignature(
		secret,
		String(headers['webhook-id']),
		String(headers['webhook-timestamp']),
		raw,
	);
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
		const { headers } = received[0]!;
		expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': id });
		expect(headers['webhook-signature']).toBe(rightSignature(received[0]!));
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

	it('can be lost, doubled, early and forged', async () => {
		emulator.scriptJob({ webhook: 'none' });
		const lost = await submitted(emulator, MADE_UP_INPUTS, query);
		await emulator.whenEnded(lost);

		emulator.scriptJob({ webhook: { times: 2, delaySeconds: 0.01 } });
		const doubled = await delivered(2);
		expect([body(0)['id'], body(1)['id']]).toEqual([doubled, doubled]);

		const early = { early: true, set: { status: 'completed' }, signature: 'wrong' };
		emulator.scriptJob({ seconds: 'never', webhook: early });
		const running = await delivered(3);
		expect(body(2)).toMatchObject({ id: running, status: 'completed', outputs: [] });
		expect(received[2]!.headers['webhook-signature']).not.toBe(rightSignature(received[2]!));
		expect(emulator.predictions().at(-1)).toMatchObject({ status: 'processing' });
		await emulator.finishAll();
		expect(received).toHaveLength(3);
	});

	it('may come early as well as at the end, by several scripts', async () => {
		emulator.scriptJob({ seconds: 'never', webhook: [{ early: true }, {}] });
		const id = await delivered(1);
		expect(body(0)).toMatchObject({ id, status: 'processing' });
		await emulator.finishAll();
		await emulator.until(() => received.length === 2);
		expect(body(1)).toMatchObject({ id, status: 'completed' });
	});

	it('may be lost for good for all jobs', async () => {
		emulator.scriptJob({ times: 'always', webhook: { times: 0 } });
		const first = await submitted(emulator, MADE_UP_INPUTS, query);
		await emulator.whenEnded(first);
		// A delivery by hand comes later than a scripted one would.
		await emulator.deliverWebhook(first);
		expect(emulator.deliveries()).toHaveLength(1);
	});

	it('may be late by the emulator clock', async () => {
		const clock = new ManualClock();
		const late = await startEmulator({ clock, readInputs: false, jobSeconds: 0 });
		late.scriptJob({ webhook: { delaySeconds: 3600 } });
		const id = await submitted(late, MADE_UP_INPUTS, query);
		await late.whenEnded(id);
		clock.advance(3_599_999);
		expect(late.deliveries()).toEqual([]);
		clock.advance(1);
		await late.until(() => received.length === 1);
		expect(body(0)['id']).toBe(id);
		await late.close();
	});

	it('can be sent by hand with anything in it', async () => {
		const id = await delivered(1);
		const sent = await emulator.deliverWebhook(id, {
			body: { id: 'another' },
			timestamp: 1,
			id: 'x',
			signature: 'none',
			retries: 0,
		});
		expect(sent).toMatchObject({ status: 200, body: '{"id":"another"}' });
		expect(received[1]!.headers).toMatchObject({ 'webhook-id': 'x', 'webhook-timestamp': '1' });
		expect(received[1]!.headers).not.toHaveProperty('webhook-signature');
		await emulator.deliverWebhook(id, { body: 'not json', signature: 'v2,00' });
		expect(received[2]).toMatchObject({
			body: 'not json',
			headers: { 'webhook-signature': 'v2,00' },
		});
		await expect(emulator.deliverWebhook('unknown')).rejects.toThrow('no webhook');
	});

	it('needs a public https address, and no base64 output', async () => {
		for (const url of ['http://example.test/', 'ftp://127.0.0.1/', 'hook']) {
			const response = await submit(
				emulator,
				MADE_UP_INPUTS,
				`?webhook=${encodeURIComponent(url)}`,
			);
			expect(response).toMatchObject({ status: 400, json: { code: 400 } });
		}
		const base64 = { ...MADE_UP_INPUTS, enable_base64_output: true };
		const response = await submit(emulator, base64, query);
		expect(response.status).toBe(400);
		expect(response.json).toEqual({ error: expect.stringContaining('enable_base64_output') });
		expect(emulator.billing().billed).toBe(0);
	});

	it('secret can be read with the key', async () => {
		const response = await apiRequest(emulator, 'GET', '/api/v3/webhook/secret');
		expect(response.json['data']).toEqual({ secret: 'whsec_dGVzdC1rZXktbm90LXJlYWw=' });
	});
});
