/**
 * Time for the node under test, and only for it. Its clock stands still but for its sleeps: whenever nothing else is on
 * its way, the sleeps that are due first end, and put the clock there. So deadlines come after the same sleeps however slow
 * the machine is, and nobody waits for them. Nothing in the node knows of it. n8n, the emulator and the network keep
 * real time.
 */
import { jest } from '@jest/globals';
import { setTimeout } from 'node:timers/promises';
import { type HttpRequest, NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type * as ClockModule from '../../../nodes/WaveSpeedInfiniteTalk/n8n/clock';
import type * as HttpModule from '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';
import type { Emulator } from '../../emulator/emulator';

/** Something that the node has begun. */
interface Begun {
	/** True when it lasted to its end, or was cut. */
	hasEnded: boolean;
	/** Ends a sleep as its time does, and a request as its limit of time does. */
	cut(): void;
}

interface Sleep extends Begun {
	/** Milliseconds of the node's time. */
	ms: number;
	/** When it is over, on the node's clock. */
	end: number;
}

const createTime = (emulator?: Emulator) => ({
	/** Whether no sleep ends by itself. */
	standsStill: false,
	/** Whether requests that the emulator keeps waiting are given up, as after their limit of time. */
	limitsPass: false,
	/** Limits of real time instead of the node's own, for the requests of a test about them. */
	realLimits: (() => ({})) as (request: HttpRequest) => Partial<HttpRequest>,
	/** Every sleep that the node has begun. */
	sleeps: [] as Sleep[],
	/** Every request that the node has begun; a stream lasts until it is closed. */
	requests: [] as Begun[],
	/** The node's clock, milliseconds since 1970. */
	now: Date.now(),
	/** The service that the node talks to. */
	emulator,
});

export const time = createTime();

export function resetTime(emulator: Emulator): void {
	Object.assign(time, createTime(emulator));
}

/** Ends what is still asleep when a test is over, such as a sleep that lost a race: its timer would keep Jest. */
export function endSleeps(): void {
	for (const { cut } of time.sleeps) cut();
}

/** Whether something of this has not ended yet. */
export function isUnderWay(begun: readonly Begun[]): boolean {
	return begun.some(({ hasEnded }) => !hasEnded);
}

/** How often the conditions for time to pass are looked at, in real time. */
const RECHECK_MS = 1;

let isPassing = false;

/** Lets time pass for as long as the node waits for something. */
async function passTime(): Promise<void> {
	if (isPassing) return;
	isPassing = true;
	while (isUnderWay(time.sleeps) || isUnderWay(time.requests)) {
		await setTimeout(RECHECK_MS);
		if (time.limitsPass) giveUpSilent();
		if (!time.standsStill && !isUnderWay(time.requests) && !jobsAreAboutToEnd()) endNextSleeps();
	}
	isPassing = false;
}

function giveUpSilent(): void {
	for (const { isSilent, endTime, headers } of time.emulator?.requests ?? []) {
		if (isSilent && endTime === undefined) time.requests[Number(headers[NUMBER])]?.cut();
	}
}

/** Whether the service works for jobs that end by themselves: a poll before would see them or not, by chance. */
function jobsAreAboutToEnd(): boolean {
	const jobs = time.emulator?.jobs.all() ?? [];
	return jobs.some(({ endedAt, script }) => endedAt === undefined && script.seconds !== 'never');
}

function endNextSleeps(): void {
	const sleeping = time.sleeps.filter(({ hasEnded }) => !hasEnded);
	if (sleeping.length === 0) return;
	time.now = Math.max(time.now, Math.min(...sleeping.map(({ end }) => end)));
	for (const { end, cut } of sleeping) if (end <= time.now) cut();
}

const CLOCK = '../../../nodes/WaveSpeedInfiniteTalk/n8n/clock';
const HTTP = '../../../nodes/WaveSpeedInfiniteTalk/n8n/http';
/** The header by which the emulator's log tells a request of the node. */
const NUMBER = 'x-number';

// Not hoisted: this file is imported before the node is, see engine.ts.
jest.doMock(CLOCK, () => {
	const actual = jest.requireActual<typeof ClockModule>(CLOCK);
	const createClock: typeof actual.createClock = (stopped) => ({
		...actual.createClock(stopped),
		now: () => time.now,
		async sleep(ms) {
			const over = new AbortController();
			const cut = () => over.abort();
			const sleep: Sleep = { ms, end: time.now + ms, hasEnded: false, cut };
			time.sleeps.push(sleep);
			void passTime();
			// Longer than any test, and cut: by the test when it is over, by Stop as in real life.
			const real = actual.createClock(AbortSignal.any([stopped, over.signal]));
			try {
				await real.sleep(Number.MAX_SAFE_INTEGER);
			} catch (error) {
				if (!over.signal.aborted) throw error;
			} finally {
				sleep.hasEnded = true;
			}
		},
	});
	return { ...actual, createClock };
});

jest.doMock(HTTP, () => {
	const actual = jest.requireActual<typeof HttpModule>(HTTP);
	const createHttp: typeof actual.createHttp = (context, stopped, ...more) => {
		const patient = actual.createHttp(context, stopped, ...more);
		/** Notes the request, and makes it one that can be given up. */
		function begin(request: HttpRequest) {
			const over = new AbortController();
			const noted = { hasEnded: false, cut: () => over.abort() };
			const number = String(time.requests.push(noted) - 1);
			void passTime();
			const own = { ...request, ...time.realLimits(request) };
			if (!time.limitsPass) return { noted, over: over.signal, http: patient, own };
			const mayFinish = request.cancellable === false;
			const signal = mayFinish ? over.signal : AbortSignal.any([stopped, over.signal]);
			over.signal.addEventListener('abort', () => (time.now += request.idleTimeoutMs));
			return {
				noted,
				over: over.signal,
				http: actual.createHttp(context, signal, ...more),
				own: { ...own, cancellable: true, headers: { ...own.headers, [NUMBER]: number } },
			};
		}
		const inTime = async <T>(answer: Promise<T>, { noted, over }: ReturnType<typeof begin>) =>
			await answer.catch((error: unknown) => {
				noted.hasEnded = true;
				throw over.aborted ? new NoResponseError('TIMEOUT', 'the request timed out') : error;
			});
		return {
			async send(request) {
				const begun = begin(request);
				const response = await inTime(begun.http.send(begun.own), begun);
				begun.noted.hasEnded = true;
				return response;
			},
			async open(request) {
				const begun = begin(request);
				const response = await inTime(begun.http.open(begun.own), begun);
				const { stream } = response;
				stream.once('close', () => (begun.noted.hasEnded = true));
				const stalled = new NoResponseError('TIMEOUT', 'the transfer stalled');
				begun.over.addEventListener('abort', () => stream.destroy(stalled));
				return response;
			},
		};
	};
	return { ...actual, createHttp };
});
