/** Retry On Fail and *Retry execution* around stored waits: how often a job is paid for. */
import { describe, expect, it } from '@jest/globals';
import { refused, retrying } from '../support/cases';
import { storedRun, useStoredWait } from '../support/stored';

const { emulator, engine, job, promptsOf, scriptJobs, untilEnd } = useStoredWait();

/** Told by its prompt; the quotes keep the hex digits of upload addresses from being taken for it. */
const BAD = '"bad"';
const FAILED = { end: { status: 'failed', error: 'No face found' } };

describe('a job that always fails', () => {
	it('is paid for as often as there are tries, then its failure is final', async () => {
		scriptJobs(FAILED);
		const ended = await untilEnd(await engine.run(storedRun(['a'], { node: retrying(3) })));
		expect(ended.run.status).toBe('error');
		expect(ended.failure).toContain('No face found');
		expect(emulator.billing()).toMatchObject({ submitted: 3 });
	});

	it('as the first of two items leaves by the error output, and the other one is paid once', async () => {
		scriptJobs({ match: BAD, ...FAILED });
		scriptJobs();
		const node = retrying(2, { onError: 'continueErrorOutput' });
		const ended = await untilEnd(await engine.run(storedRun(['bad', 'good'], { node })));
		expect(ended.run.status).toBe('success');
		expect(promptsOf(ended.good)).toEqual(['good']);
		expect(ended.errors).toMatchObject([{ message: expect.stringContaining('No face') }]);
		expect(ended.output('Bad')).toHaveLength(1);
		const prompts = emulator.predictions().map(({ inputs }) => inputs.prompt);
		expect(prompts.sort()).toEqual(['bad', 'bad', 'good']);
	});
});

describe('Retry execution of an execution that failed after a stored wait', () => {
	it('collects the paid videos, also at the second retry', async () => {
		scriptJobs();
		const fault = emulator.faults.add({
			on: 'download',
			times: 'always',
			do: refused(404, 'Gone'),
		});
		const failed = await untilEnd(await engine.run(storedRun(['a', 'b'])));
		expect(failed.run.status).toBe('error');
		const again = await engine.retry(failed);
		expect(again.run.status).toBe('error');
		fault.remove();

		for (const execution of [failed, again]) {
			const ended = await engine.retry(execution);
			expect(ended.failure).toBeUndefined();
			expect(promptsOf(ended.good)).toEqual(['a', 'b']);
		}
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});

	it('waits again, stored, for jobs that had not ended at Timeout', async () => {
		scriptJobs();
		const parameters = { options: { timeoutMinutes: 5 } };
		const failed = await untilEnd(await engine.run(storedRun(['a', 'b'], { parameters })), {
			finishing: false,
		});
		expect(failed.failure).toContain(job('a').id);
		const stored = await engine.retry(failed);
		expect([stored.failure, stored.run.status]).toEqual([undefined, 'waiting']);

		const ended = await untilEnd(stored);
		expect(promptsOf(ended.good)).toEqual(['a', 'b']);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});

	it('submits anew what WaveSpeed has paid back, and only that', async () => {
		scriptJobs({ match: BAD, times: 1, ...FAILED });
		scriptJobs();
		const failed = await untilEnd(await engine.run(storedRun(['bad', 'good'])));
		expect(failed.failure).toContain('No face found');

		const ended = await untilEnd(await engine.retry(failed));
		expect(promptsOf(ended.good)).toEqual(['bad', 'good']);
		const prompts = emulator.predictions().map(({ inputs }) => inputs.prompt);
		expect(prompts.sort()).toEqual(['bad', 'bad', 'good']);
	});
});
