/**
 * Faster time for the node under test, and only for it. Its own clock and its own HTTP client run,
 * but its sleeps take `duration / speed`, after which its clock is put forward by the rest, and a
 * silent server is given up after `limit / idleTimeoutDivisor`. The schedule, the deadlines and the
 * order of events stay what they are; nothing in the node knows of it. n8n, the emulator and the
 * network keep real time.
 */
import { jest } from '@jest/globals';
import type * as ClockModule from '../../../nodes/WaveSpeedInfiniteTalk/n8n/clock';
import type * as HttpModule from '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';
import type { HttpRequest } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';

export interface Sleep {
	/** Milliseconds of the node's time. */
	ms: number;
	/** Of the sleep's beginning, milliseconds since 1970, real time. */
	at: number;
	/** True when it lasted to its end, or was cut. */
	hasEnded: boolean;
}

export const time = {
	/** By how much the node's sleeps are shorter. */
	speed: 100,
	/** By how much the limits for silent servers are shorter. */
	idleTimeoutDivisor: 1,
	/** Every sleep that the node has begun. */
	sleeps: [] as Sleep[],
	/** By how much the node's clock is ahead of the real one, from run to run. */
	aheadMs: 0,
};

export function resetTime(): void {
	Object.assign(time, { speed: 100, idleTimeoutDivisor: 1, sleeps: [], aheadMs: 0 });
}

/** The time by the node's clock, milliseconds since 1970. */
export function nodeTime(): number {
	return Date.now() + time.aheadMs;
}

/** What the node does from now on is at this time at the earliest. */
export function passTimeUntil(moment: Date): void {
	time.aheadMs = Math.max(time.aheadMs, moment.getTime() - Date.now());
}

const CLOCK = '../../../nodes/WaveSpeedInfiniteTalk/n8n/clock';
const HTTP = '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';

// Not hoisted: this file is imported before the node is, see engine.ts.
jest.doMock(CLOCK, () => {
	const actual = jest.requireActual<typeof ClockModule>(CLOCK);
	const createClock: typeof actual.createClock = (stopped) => {
		const clock = actual.createClock(stopped);
		const now = () => clock.now() + time.aheadMs;
		return {
			...clock,
			now,
			async sleep(ms) {
				const sleep = { ms, at: Date.now(), hasEnded: false };
				time.sleeps.push(sleep);
				const end = now() + ms;
				await clock.sleep(ms / time.speed).finally(() => (sleep.hasEnded = true));
				// However late the timer is on a busy machine, the node has slept no longer than asked.
				time.aheadMs = Math.max(time.aheadMs, end - clock.now());
			},
		};
	};
	return { ...actual, createClock };
});

jest.doMock(HTTP, () => {
	const actual = jest.requireActual<typeof HttpModule>(HTTP);
	const hurried = (request: HttpRequest): HttpRequest => ({
		...request,
		idleTimeoutMs: request.idleTimeoutMs / time.idleTimeoutDivisor,
		...(request.timeoutMs !== undefined && {
			timeoutMs: request.timeoutMs / time.idleTimeoutDivisor,
		}),
	});
	const createHttp: typeof actual.createHttp = (context, stopped) => {
		const http = actual.createHttp(context, stopped);
		return {
			send: async (request) => await http.send(hurried(request)),
			open: async (request) => await http.open(hurried(request)),
		};
	};
	return { ...actual, createHttp };
});
