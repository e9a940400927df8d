import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import {
	forgetHolds,
	RateLimitHold,
} from '../../../nodes/WaveSpeedInfiniteTalk/polling/rateLimitHold';
import { freshApi } from '../support/api';
import { START } from '../support/clock';
import { apiErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';

const { clock } = freshApi();

const hold = fresh(() => new RateLimitHold(clock));

function refusal(retryAfterMs?: number): ApiError {
	const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
	return new ApiError('rateLimit', 'Too many requests', { notProcessed: true, ...asked });
}

const refuse = async () => await Promise.reject(refusal());

describe('a request that is refused for being one of too many', () => {
	it('is repeated until the limit resets, after a minute at the latest', async () => {
		const work = async () => await (clock.elapsed < 60_000 ? refuse() : Promise.resolve('passed'));
		expect(await hold.run(work)).toBe('passed');
	});

	it.each([
		['which asks for nothing', undefined, 10],
		['which asks for no pause', 0, 12],
	])('by a service %s is given up when 90 s were in vain', async (_what, asked, tries) => {
		const work = async () => await Promise.reject(refusal(asked));
		expect((await apiErrorOf(hold.run(work))).message).toBe('Too many requests');
		expect(clock.elapsed).toBeGreaterThanOrEqual(90_000);
		expect(clock.elapsed).toBeLessThanOrEqual(180_000);
		expect(clock.sleeps.length).toBeLessThan(tries);
	});

	it.each([
		[17_000, 17_000],
		[86_400_000, 120_000],
	])('waits %i ms as asked, at most two minutes', async (asked, waited) => {
		const replies = [refusal(asked)];
		await hold.run(async () => {
			const reply = replies.pop();
			await (reply ? Promise.reject(reply) : Promise.resolve());
		});
		expect(clock.elapsed).toBe(waited);
	});
});

describe('requests side by side', () => {
	it('hold back a later one as well', async () => {
		const refused = apiErrorOf(hold.run(async () => await Promise.reject(refusal(30_000))));
		await clock.until(1);
		const sentAt = await hold.run(async () => await Promise.resolve(clock.elapsed));
		expect(sentAt).toBeGreaterThanOrEqual(30_000);
		await refused;
	});

	it('all pass in the end while the queue moves, though it takes many minutes', async () => {
		let minute = -1;
		let used = 0;
		/** Of a service that lets two pass each minute. */
		const request = async () => {
			const now = Math.floor(clock.elapsed / 60_000);
			if (now !== minute) [minute, used] = [now, 0];
			return await (++used > 2 ? refuse() : Promise.resolve('passed'));
		};
		const work = Array.from({ length: 12 }, async () => await hold.run(request));
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
		hold.refused(refusal(1_000), 1);
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

it('two executions of an account wait together, and another account does not', () => {
	const [first, second, other] = ['a', 'a', 'b'].map((name) => new RateLimitHold(clock, name));
	first!.refused(refusal(30_000), 1);
	expect([second!.remainingMs, other!.remainingMs]).toEqual([30_000, 0]);
	forgetHolds();
	expect(new RateLimitHold(clock, 'a').remainingMs).toBe(0);
});
