/**
 * Faster time for the node under test, and only for it. Its own clock and its own HTTP client run,
 * but a minute of waiting takes `60 s / speed`, and an answer may stay away for `limit / hurry`. The
 * schedule, the deadlines and the order of events stay what they are; nothing in the node knows of
 * it. n8n, the emulator and the network keep real time.
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
}

export const time = {
	/** Milliseconds of the node's time in one real millisecond. */
	speed: 100,
	/** By how much the limits for silent servers are shorter. */
	hurry: 1,
	/** Every sleep that the node has begun. */
	sleeps: [] as Sleep[],
	/** The latest time that the node has seen, milliseconds since 1970: it goes on from there. */
	latest: 0,
};

export function resetTime(): void {
	Object.assign(time, { speed: 100, hurry: 1, sleeps: [], latest: 0 });
}

/** The next run of the node begins at this time at the earliest. */
export function passTimeUntil(moment: Date): void {
	time.latest = Math.max(time.latest, moment.getTime());
}

const CLOCK = '../../../nodes/WaveSpeedInfiniteTalk/n8n/clock';
const HTTP = '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';

// Not hoisted: this file is imported before the node is, see engine.ts.
jest.doMock(CLOCK, () => {
	const actual = jest.requireActual<typeof ClockModule>(CLOCK);
	const createClock: typeof actual.createClock = (stopped) => {
		const clock = actual.createClock(stopped);
		const real = clock.now();
		const began = Math.max(real, time.latest);
		return {
			...clock,
			now() {
				const now = began + (clock.now() - real) * time.speed;
				time.latest = Math.max(time.latest, now);
				return now;
			},
			async sleep(ms) {
				time.sleeps.push({ ms, at: Date.now() });
				await clock.sleep(ms / time.speed);
			},
		};
	};
	return { ...actual, createClock };
});

jest.doMock(HTTP, () => {
	const actual = jest.requireActual<typeof HttpModule>(HTTP);
	const hurried = (request: HttpRequest): HttpRequest => ({
		...request,
		idleTimeoutMs: request.idleTimeoutMs / time.hurry,
		...(request.timeoutMs !== undefined && { timeoutMs: request.timeoutMs / time.hurry }),
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
