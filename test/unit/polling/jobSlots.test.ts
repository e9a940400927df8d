import { describe, expect, it } from '@jest/globals';
import { JobSlots } from '../../../nodes/WaveSpeedInfiniteTalk/polling/jobSlots';

/** What the promise gives as soon as nothing else is left to do. */
async function now<T>(promise: Promise<T>): Promise<T | 'waiting'> {
	const idle = new Promise<'waiting'>((resolve) => setImmediate(() => resolve('waiting')));
	return await Promise.race([promise, idle]);
}

describe('slots', () => {
	it('are given to so many jobs at once, in order of arrival', async () => {
		const slots = new JobSlots(2, 0);
		expect(await now(slots.take())).toBe(true);
		expect(await now(slots.take())).toBe(true);
		const [third, fourth] = [slots.take(), slots.take()];
		expect(await now(third)).toBe('waiting');
		slots.release();
		expect(await now(third)).toBe(true);
		expect(await now(fourth)).toBe('waiting');
		slots.release();
		expect(await now(fourth)).toBe(true);
	});

	it('are free again when nobody waits for one', async () => {
		const slots = new JobSlots(1, 0);
		await slots.take();
		slots.release();
		expect(await now(slots.take())).toBe(true);
	});

	it('are not had by those that wait when all jobs stay unfinished', async () => {
		const slots = new JobSlots(2, 0);
		await Promise.all([slots.take(), slots.take()]);
		const third = slots.take();
		slots.keep();
		expect(await now(third)).toBe('waiting');
		slots.keep();
		expect(await now(third)).toBe(false);
		expect(await now(slots.take())).toBe(false);
	});

	it('of a job that ended are had although another stays unfinished', async () => {
		const slots = new JobSlots(2, 0);
		await Promise.all([slots.take(), slots.take()]);
		const third = slots.take();
		slots.keep();
		slots.release();
		expect(await now(third)).toBe(true);
	});

	it('belong to the jobs that run since before the execution was stored', async () => {
		const slots = new JobSlots(2, 2);
		const third = slots.take();
		expect(await now(third)).toBe('waiting');
		slots.keep();
		slots.release();
		expect(await now(third)).toBe(true);
	});

	it('are not had when all those jobs are still unfinished', async () => {
		const slots = new JobSlots(2, 2);
		const third = slots.take();
		slots.keep();
		slots.keep();
		expect(await now(third)).toBe(false);
	});

	it('are not handed on while more jobs run than are allowed now', async () => {
		const slots = new JobSlots(1, 3);
		const [fourth, fifth] = [slots.take(), slots.take()];
		slots.release();
		slots.release();
		expect(await now(fourth)).toBe('waiting');
		slots.release();
		expect(await now(fourth)).toBe(true);
		slots.keep();
		expect(await now(fifth)).toBe(false);
	});
});
