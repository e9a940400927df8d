/** Transfers that stall or drip are given up; time is that of fake timers. */
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { IExecuteFunctions, IHttpRequestOptions } from 'n8n-workflow';
import { createHttp } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';
import { TransferTimeout } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/transfer';

/** What a line must move in a second. */
const KIB_16 = 16 * 1024;

let ended: boolean;
const end = () => (ended = true);

async function pass(ms: number): Promise<boolean> {
	await jest.advanceTimersByTimeAsync(ms);
	return ended;
}

beforeEach(() => {
	jest.useFakeTimers();
	ended = false;
});
afterEach(() => void jest.useRealTimers());

it('a transfer ends after its silence, and each byte that moves begins it anew', async () => {
	const timeout = new TransferTimeout({ idleTimeoutMs: 1_000 }, end);
	for (let second = 0; second < 20; second++) {
		expect(await pass(999)).toBe(false);
		timeout.touch(1);
	}
	expect(await pass(999)).toBe(false);
	expect(await pass(2)).toBe(true);
});

it('a transfer that drips ends after its time in all, longer by a second for each 16 KiB', async () => {
	const timeout = new TransferTimeout({ idleTimeoutMs: 1_000, bulkTimeoutMs: 5_000 }, end);
	timeout.touch(2 * KIB_16);
	for (let ms = 0; ms < 6_500; ms += 500) {
		expect(await pass(500)).toBe(false);
		timeout.touch(1);
	}
	expect(await pass(600)).toBe(true);
});

it('a transfer that is over is not ended later', async () => {
	new TransferTimeout({ idleTimeoutMs: 1_000 }, end).stop();
	expect(await pass(60_000)).toBe(false);
});

it('an upload that gets no answer is aborted, and n8n has no limit of its own for it', async () => {
	let limit: number | undefined;
	const silent = async ({ body, timeout, abortSignal }: IHttpRequestOptions) => {
		limit = timeout;
		(body as Readable).resume();
		await once(abortSignal as AbortSignal, 'abort');
		throw Object.assign(new Error('canceled'), { code: 'ERR_CANCELED' });
	};
	const context = { helpers: { httpRequest: silent } } as unknown as IExecuteFunctions;
	const http = createHttp(context, new AbortController().signal, async () => '');
	const sending = http.send({
		method: 'PUT',
		url: 'https://storage.example/put',
		body: { size: 3 * KIB_16, open: async () => Readable.from([Buffer.alloc(3 * KIB_16)]) },
		authenticated: false,
		idleTimeoutMs: 1_000,
	});
	const outcome = sending.catch(({ code }: { code: string }) => (ended = code === 'TIMEOUT'));

	// Three seconds for what is on its way, then the silence.
	expect(await pass(3_900)).toBe(false);
	expect(await pass(200)).toBe(true);
	await outcome;
	expect(limit).toBe(0);
});
