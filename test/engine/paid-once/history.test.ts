/**
 * A job is paid once. What is proved where, in this folder:
 * - history: a job of the account's history with the same inputs is used instead of paying again; when it is not
 * - proof: such a job is used only when its files are proved to be the same
 * - executions: items, executions, credentials and accounts that share a job, or must not
 * - lost-response: a submission whose response is lost is looked up, and never sent again
 * - retries: Retry On Fail, Retry execution and loops
 * - stored-retries: both of them around stored waits
 * - rounds: executions that n8n resumes on old data, and rounds that were lost
 * - kept-files: what is known of files, so that a paid job is resumed without them
 */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SeededJob } from '../../emulator/emulator';
import { READY, retrying, WITHOUT_SEED } from '../support/cases';
import type { RunOptions } from '../support/engine';
import type { Execution } from '../support/execution';
import { useEngine } from '../support/testbed';
import { time } from '../support/time';
import { byUrl } from '../support/workflow';

const { emulator, engine } = useEngine();

/** A run of a user who has not added the option Seed. */
const planned: RunOptions = { parameters: WITHOUT_SEED };

/** What the node sends for {@link planned}. */
let sent: Record<string, unknown>;

beforeEach(async () => {
	const parameters = { ...planned.parameters, operation: 'submit' };
	// A job that runs may not be found yet, and is used again all the same.
	emulator.scriptJob(READY);
	await engine.run({ ...planned, parameters });
	sent = emulator.predictions()[0]!.body;
	// The job is gone, and what the node remembers of it does not help: only the history counts.
	await emulator.reset();
});

/** Adds a job with the same inputs, as another n8n of the same account would have made it. */
async function addEqual({ inputs = {}, ...job }: SeededJob = {}): Promise<string> {
	return await emulator.addJob({ ...job, inputs: { ...sent, ...inputs } });
}

async function expectNew(options: RunOptions = planned): Promise<Execution> {
	emulator.scriptJob(READY);
	const execution = await engine.run(options);
	expect(execution.failure).toBeUndefined();
	const id = emulator.predictions().find(({ seeded }) => !seeded)?.id;
	expect(execution.good[0]?.json).toMatchObject({ id, reused: false });
	expect(execution.good[0]?.binary?.data).toBeDefined();
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	return execution;
}

describe('a job of the history is not used', () => {
	it('whose video is gone', async () => {
		await addEqual({ script: { outputs: [`${emulator.origins.cdn}/gone.mp4`] } });

		await expectNew();
	});

	it('by the next try, when its video has gone between the look and the download', async () => {
		const id = await addEqual();
		const gone = { respond: { status: 404 } };
		emulator.faults.add({ on: 'download', match: { url: id }, skip: 1, times: 'always', do: gone });

		await expectNew({ ...planned, node: retrying(2) });
	});

	it.each([-1, 7])('with the seed %p of the user', async (seed) => {
		await addEqual({ inputs: { seed } });

		await expectNew({ ...planned, parameters: { options: { seed } } });

		expect(emulator.predictions().at(-1)?.body.seed).toBe(seed);
		expect(emulator.requestsTo('history')).toEqual([]);
	});
});

it('URLs are the same inputs as files, under whatever signature', async () => {
	const id = await addEqual();
	for (const signature of ['?X-Amz-Signature=a', '?X-Amz-Signature=b']) {
		const parameters = { ...byUrl(emulator, signature), ...WITHOUT_SEED };

		const execution = await engine.run({ items: [{}], parameters });

		expect(execution.good[0]?.json).toMatchObject({ id, status: 'completed', reused: true });
		expect(execution.good[0]?.binary?.data).toBeDefined();
		expect(execution.hints).toContain('was reused');
	}
	expect(emulator.billing()).toMatchObject({ submitted: 0 });
	expect(emulator.requestsTo('ticket', 'oneStep')).toEqual([]);
});

it('a history that cannot be read costs a hint, and no item', async () => {
	time.limitsPass = true;
	emulator.faults.add({ on: 'history', times: 'always', do: 'stall' });

	const execution = await expectNew();

	expect(execution.hints).toContain('history could not be read');
});
