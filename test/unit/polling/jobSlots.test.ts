/** Who gets a slot for a job, and who does not: `t` takes one, `r` releases one, `k` keeps one. */
import { expect, it } from '@jest/globals';
import { JobSlots } from '../../../nodes/WaveSpeedInfiniteTalk/polling/jobSlots';

/** What the promise gives as soon as nothing else is left to do. */
async function now<T>(promise: Promise<T>): Promise<T | 'waits'> {
	const idle = new Promise<'waits'>((resolve) => setImmediate(() => resolve('waits')));
	return await Promise.race([promise, idle]);
}

it.each<[string, number, number, string, Array<boolean | 'waits'>]>([
	['are given to so many jobs at once', 2, 0, 'ttt', [true, true, 'waits']],
	['are handed on in order of arrival', 2, 0, 'ttttr', [true, true, true, 'waits']],
	['may become free while one job is not known', 2, 0, 'tttk', [true, true, 'waits']],
	['are not had when all jobs stay unfinished', 2, 0, 'tttkk', [true, true, false]],
	['are not had later either', 2, 0, 'tttkkt', [true, true, false, false]],
	['are had although another job stays unfinished', 2, 0, 'tttkr', [true, true, true]],
	['belong to jobs that ran before the execution was stored', 2, 2, 't', ['waits']],
	['of such jobs are handed on', 2, 2, 'tkr', [true]],
	['wait while more jobs run than are allowed now', 1, 3, 'ttrr', ['waits', 'waits']],
	['are handed on when no more run than are allowed', 1, 3, 'ttrrr', [true, 'waits']],
	['are not had by the rest then', 1, 3, 'ttrrrk', [true, false]],
])('slots %s (%i slots, %i jobs that run, %s)', async (_what, size, running, steps, taken) => {
	const slots = new JobSlots(size, running);
	const takes: Array<Promise<boolean>> = [];
	for (const step of steps) {
		if (step === 't') takes.push(slots.acquire());
		else if (step === 'r') slots.release();
		else slots.keep();
		await now(new Promise(() => {}));
	}
	expect(await Promise.all(takes.map(now))).toEqual(taken);
});
