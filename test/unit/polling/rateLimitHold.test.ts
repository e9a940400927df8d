import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import {
	forgetHolds,
	RateLimitHold,
} from '../../../nodes/WaveSpeedInfiniteTalk/polling/rateLimitHold';
import { START, VirtualClock } from '../support/clock';
import { apiErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';

const clock = fresh(() => new VirtualClock());
const hold = fresh(() => new RateLimitHold(clock));

function refusal(retryAfterMs?: number): ApiError {
	const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
	return new ApiError('rateLimit', 'Too many requests', { notProcessed: true, ...asked });
}

/** A service that lets so many requests through in each minute. */
function createService(perMinute: number) {
	let minute = -1;
	let used = 0;
	const service = {
		requests: 0,
		request: async () => {
			service.requests++;
			const now = Math.floor(clock.elapsed / 60_000);
			if (now !== minute) [minute, used] = [now, 0];
			if (++used > perMinute) throw refusal();
			return await Promise.resolve('passed');
		},
	};
	return service;
}

describe('a request that is refused for being one of too many', () => {
	it('is repeated until the limit resets, after a minute at the latest', async () => {
		const work = async () => {
			if (clock.elapsed < 60_000) throw refusal();
			return await Promise.resolve('passed');
		};
		expect(await hold.run(work)).toBe('passed');
	});

	it('is given up when 90 s were in vain, and not before', async () => {
		const work = async () => await Promise.reject(refusal());
		expect((await apiErrorOf(hold.run(work))).message).toBe('Too many requests');
		expect(clock.elapsed).toBeGreaterThanOrEqual(90_000);
		expect(clock.elapsed).toBeLessThanOrEqual(180_000);
		expect(clock.sleeps.length).toBeLessThan(10);
	});

	it.each([
		[17_000, 17_000],
		[86_400_000, 120_000],
	])('waits %i ms as asked, at most two minutes', async (asked, waited) => {
		const replies = [refusal(asked)];
		await hold.run(async () => {
			const reply = replies.pop();
			if (reply) throw reply;
			await Promise.resolve();
		});
		expect(clock.elapsed).toBe(waited);
	});

	it('is not repeated without a pause when the service asks for none', async () => {
		const work = async () => await Promise.reject(refusal(0));
		await apiErrorOf(hold.run(work));
		expect(clock.elapsed).toBeGreaterThanOrEqual(90_000);
		expect(clock.sleeps.length).toBeLessThan(12);
	});
});

describe('requests side by side', () => {
	it('wait together: none is sent before the time', async () => {
		const service = createService(0);
		await Promise.allSettled(
			Array.from({ length: 3 }, async () => await hold.run(service.request)),
		);
		const alone = createService(0);
		await apiErrorOf(new RateLimitHold(clock).run(alone.request));
		expect(service.requests).toBeLessThanOrEqual(3 * alone.requests);
	});

	it('hold back a later one as well', async () => {
		const refused = apiErrorOf(hold.run(async () => await Promise.reject(refusal(30_000))));
		await clock.until(1);
		let sentAt = -1;
		await hold.run(async () => {
			sentAt = clock.elapsed;
			await Promise.resolve();
		});
		expect(sentAt).toBeGreaterThanOrEqual(30_000);
		await refused;
	});

	it('all pass in the end while the queue moves, though it takes many minutes', async () => {
		const service = createService(2);
		const work = Array.from({ length: 12 }, async () => await hold.run(service.request));
		expect(await Promise.all(work)).toEqual(Array(12).fill('passed'));
		expect(clock.elapsed).toBeGreaterThanOrEqual(5 * 60_000);
	});
});

it('another error is none of its business', async () => {
	const error = new ApiError('quota', 'Upload quota exceeded', { notProcessed: true });
	expect(await apiErrorOf(hold.run(async () => await Promise.reject(error)))).toBe(error);
	expect(clock.sleeps).toEqual([]);
});

describe('a request with a deadline of its own', () => {
	it('waits as long as the service asks, and no longer', async () => {
		hold.refused(refusal(300_000), 1);
		await hold.waitUntil(START + 300_001);
		expect(clock.elapsed).toBe(300_000);
		await hold.waitUntil(START);
		expect(clock.elapsed).toBe(300_000);
	});

	it('fails at once with the refusal when that is too long', async () => {
		const error = refusal(300_000);
		hold.refused(error, 1);
		expect(await apiErrorOf(hold.waitUntil(START + 300_000))).toBe(error);
		expect(clock.sleeps).toEqual([]);
	});
});

describe('two executions of an account', () => {
	it('wait together, and another account does not', async () => {
		const [first, second] = ['a', 'a'].map((account) => new RateLimitHold(clock, account));
		first!.refused(refusal(30_000), 1);
		expect(second!.remainingMs).toBe(30_000);
		expect(new RateLimitHold(clock, 'b').remainingMs).toBe(0);
		forgetHolds();
		expect(new RateLimitHold(clock, 'a').remainingMs).toBe(0);
	});
});
