/** The same inputs are paid once. The matrix of cases is in the engine's tests of this name. */
import { expect, it } from '@jest/globals';
import { errorOf, hintsOf, itemsOf, type Execution, type Parameters } from '../testbed';
import { closedGate, KEEP_RUNNING, NODE, READY, useVideo } from './support/video-workflow';

const { testbed, client, emulator, create, change, start, jobIds, expectPaid } = useVideo();

/** Options without a seed, as a user has them who has added none. */
const NO_SEED: Parameters = { options: { seed: undefined } };

/** That the node put out this job of the service, with its video. */
function expectJob(ended: Execution, job: number, reused: boolean): void {
	const [item] = itemsOf(ended, NODE);
	expect(item?.json).toMatchObject({ id: jobIds()[job], status: 'completed', reused });
	expect(item?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
}

it('a second run uses the job of the first and says so; a failed job is never used', async () => {
	emulator.scriptJob({ ...READY, end: { status: 'failed', code: 5000, error: 'Out of luck' } });
	emulator.scriptJob(READY);
	const { id } = await create({ parameters: NO_SEED });
	const failed = await testbed.run(id, 'error');
	const first = await testbed.run(id, 'success');
	const second = await testbed.run(id, 'success');

	expect(errorOf(failed)?.message).toContain('Out of luck');
	expectJob(first, 1, false);
	expectJob(second, 1, true);
	expect(hintsOf(first, NODE)).not.toContain('reused');
	expect(hintsOf(second, NODE)).toMatch(/The job from \d\d:\d\d \(\S+\) was reused/);
	expect(hintsOf(second, NODE)).toContain('add the option Seed and leave it at -1');
	expectPaid({ submitted: 2, refunded: 1, uploaded: 6 });
});

it('after Stop, the next run waits for the job that goes on', async () => {
	emulator.scriptJob({ seconds: 'never' });
	const polls = () => emulator.predictions()[0]?.polls ?? 0;
	const { id } = await create({ parameters: { options: { ...KEEP_RUNNING, seed: undefined } } });
	const stopped = await client.run(id, 'Start');
	await emulator.until(() => polls() > 0);
	await client.stopExecution(stopped);
	await client.waitFor(stopped, ['canceled']);

	const before = polls();
	const next = await client.run(id, 'Start');
	await emulator.until(() => polls() > before);
	await emulator.finishAll();
	expectJob(await client.waitFor(next, ['success']), 0, true);
	expectPaid({ submitted: 1 });
});

it('equal rows of two executions at once share a job', async () => {
	emulator.scriptJob(READY);
	const { opened, open } = closedGate();
	emulator.faults.add({ on: 'submit', do: { delay: opened } });
	const rows = { prompts: ['same', 'same'], parameters: NO_SEED };
	const ids = [await start(rows), await start(rows)];
	open();
	const ended = await Promise.all(ids.map(async (id) => await client.waitFor(id, ['success'])));
	const out = ended.flatMap((execution) => itemsOf(execution, NODE));
	expect(out.map(({ json }) => json.id)).toEqual(Array(4).fill(jobIds()[0]));
	expect(out.map(({ json }) => json.reused).sort()).toEqual([false, true, true, true]);
	expect(out.every(({ binary }) => binary?.data)).toBe(true);
	expectPaid({ submitted: 1 });
});

it('Seed at -1, and any seed of the user, makes a new job each time', async () => {
	emulator.scriptJob({ ...READY, times: 'always' });
	const { id } = await create({ parameters: NO_SEED });
	const seeds = [undefined, -1, -1, 7, 7];
	for (const [run, seed] of seeds.entries()) {
		await change(id, { options: { seed } });
		expectJob(await testbed.run(id, 'success'), run, false);
	}
	const sent = emulator.predictions().map(({ body }) => body.seed);
	expect(sent.slice(1)).toEqual(seeds.slice(1));
	expectPaid({ submitted: 5, uploaded: 15 });
});
