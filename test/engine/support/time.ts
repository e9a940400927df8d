/**
 * Time for the node under test, and only for it. Its clock stands still but for its sleeps, which take
 * `duration / speed` and put it forward by all of the duration: however slow the machine is, deadlines come after the
 * same sleeps. A silent server is given up after `limit / idleTimeoutDivisor`. Nothing in the node knows of it. n8n, the
 * emulator and the network keep real time.
 */
import { jest } from '@jest/globals';
import type * as ClockModule from '../../../nodes/WaveSpeedInfiniteTalk/n8n/clock';
import type * as HttpModule from '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';
import type { HttpRequest } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';

/** Something that the node has begun. */
interface Begun {
	/** True when it lasted to its end, or was cut. */
	hasEnded: boolean;
}

export interface Sleep extends Begun {
	/** Milliseconds of the node's time. */
	ms: number;
}

export const time = {
	/** By how much the node's sleeps are shorter; at 0 none ends by itself. */
	speed: 100,
	/** By how much the limits for silent servers are shorter. */
	idleTimeoutDivisor: 1,
	/** Every sleep that the node has begun. */
	sleeps: [] as Sleep[],
	/** Every request that the node has begun. */
	requests: [] as Begun[],
	/** The node's clock, milliseconds since 1970. */
	now: Date.now(),
};

export function resetTime(): void {
	const now = Date.now();
	Object.assign(time, { speed: 100, idleTimeoutDivisor: 1, sleeps: [], requests: [], now });
}

/** What the node does from now on is at this time at the earliest. */
export function passTimeUntil(moment: Date): void {
	time.now = Math.max(time.now, moment.getTime());
}

const CLOCK = '../../../nodes/WaveSpeedInfiniteTalk/n8n/clock';
const HTTP = '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';

// Not hoisted: this file is imported before the node is, see engine.ts.
jest.doMock(CLOCK, () => {
	const actual = jest.requireActual<typeof ClockModule>(CLOCK);
	const createClock: typeof actual.createClock = (stopped) => {
		const clock = actual.createClock(stopped);
		return {
			...clock,
			now: () => time.now,
			async sleep(ms) {
				const sleep = { ms, hasEnded: false };
				time.sleeps.push(sleep);
				const end = time.now + ms;
				await clock.sleep(ms / time.speed).finally(() => (sleep.hasEnded = true));
				time.now = Math.max(time.now, end);
			},
		};
	};
	return { ...actual, createClock };
});

jest.doMock(HTTP, () => {
	const actual = jest.requireActual<typeof HttpModule>(HTTP);
	const hurried = (request: HttpRequest): HttpRequest => ({
		...request,
		idleTimeoutMs: Math.ceil(request.idleTimeoutMs / time.idleTimeoutDivisor),
		...(request.timeoutMs !== undefined && {
			timeoutMs: Math.ceil(request.timeoutMs / time.idleTimeoutDivisor),
		}),
		...(request.bulkTimeoutMs !== undefined && {
			bulkTimeoutMs: request.bulkTimeoutMs / time.idleTimeoutDivisor,
		}),
	});
	const createHttp: typeof actual.createHttp = (context, stopped) => {
		const http = actual.createHttp(context, stopped);
		const noted = async <T>(response: Promise<T>): Promise<T> => {
			const request = { hasEnded: false };
			time.requests.push(request);
			return await response.finally(() => (request.hasEnded = true));
		};
		return {
			send: async (request) => await noted(http.send(hurried(request))),
			open: async (request) => await noted(http.open(hurried(request))),
		};
	};
	return { ...actual, createHttp };
});
