import { expect, it } from '@jest/globals';
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

function refusal(retryAfterMs: number): ApiError {
	return new ApiError('rateLimit', 'Too many requests', { notProcessed: true, retryAfterMs });
}

it('a request to a service that asks for no pause is given up when 90 s were in vain', async () => {
	const work = async () => await Promise.reject(refusal(0));
	expect((await apiErrorOf(hold.run(work))).message).toBe('Too many requests');
	expect(clock.elapsed).toBeGreaterThanOrEqual(90_000);
	expect(clock.elapsed).toBeLessThanOrEqual(180_000);
	expect(clock.sleeps.length).toBeLessThan(12);
});

it.each([
	[17_000, 17_000],
	[86_400_000, 120_000],
])('a request to a service that asks for %i ms waits %i ms', async (asked, waited) => {
	await hold.run(async () => {
		if (clock.elapsed === 0) throw refusal(asked);
	});
	expect(clock.elapsed).toBe(waited);
});

it('a request with a deadline waits as long as the service asks, or fails at once', async () => {
	const error = refusal(300_000);
	hold.refused(error, 1);
	expect(await apiErrorOf(hold.waitUntil(START + 300_000))).toBe(error);
	expect(clock.sleeps).toEqual([]);
	hold.refused(refusal(1_000), 1);
	await hold.waitUntil(START + 300_001);
	expect(clock.elapsed).toBe(300_000);
	await hold.waitUntil(START);
	expect(clock.elapsed).toBe(300_000);
});

it('two executions of an account wait together, and another account does not', () => {
	const [first, second, other] = ['a', 'a', 'b'].map((name) => new RateLimitHold(clock, name));
	first!.refused(refusal(30_000), 1);
	expect([second!.remainingMs, other!.remainingMs]).toEqual([30_000, 0]);
	forgetHolds();
	expect(new RateLimitHold(clock, 'a').remainingMs).toBe(0);
});
