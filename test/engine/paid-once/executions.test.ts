/** What is paid once across items, executions, Retry execution and accounts, beside the history's part. */
import { beforeEach, expect, it } from '@jest/globals';
import { defaultSettings } from '../../emulator/options';
import { READY, UNAUTHORIZED, WITHOUT_SEED } from '../support/cases';
import type { RunOptions } from '../support/engine';
import { ownMediaFixtures } from '../support/files';
import { closedGate, useEngine } from '../support/testbed';
import { CREDENTIAL_TYPE } from '../../testbed/video-node';

const OTHER_ID = 'wavespeed-2';
const OTHER_KEY = 'wsk_other_account';
/** Another credential of the same account. */
const SECOND_ID = 'wavespeed-3';

const { emulator, engine } = useEngine({
	otherKeys: { [OTHER_ID]: OTHER_KEY, [SECOND_ID]: ` ${defaultSettings.apiKey}\n` },
	emulator: { keys: { [OTHER_KEY]: { account: 'other' } } },
});

const PLANNED: RunOptions = { parameters: WITHOUT_SEED };

function withCredential(id: string): RunOptions {
	return { node: { credentials: { [CREDENTIAL_TYPE]: { id, name: 'Another credential' } } } };
}

beforeEach(() => emulator.scriptJob(READY));

it('two executions at the same time, by two credentials, share a job', async () => {
	emulator.setOptions({ historyLagSeconds: 3600 });
	const gate = closedGate();
	emulator.faults.add({ on: 'submit', do: { delay: gate.opened } });
	const running = [{}, withCredential(SECOND_ID)].map(
		async (node) => await engine.run({ ...PLANNED, ...node }),
	);

	await emulator.until(() => emulator.requestsTo('submit').length > 0);
	gate.open();
	const [first, second] = await Promise.all(running);

	expect(second?.good[0]?.json.id).toBe(first?.good[0]?.json.id);
	expect(emulator.billing()).toMatchObject({ submitted: 1 });
	expect(emulator.requestsTo('put')).toHaveLength(3);
});

it('a loop in one execution pays once', async () => {
	const execution = await engine.run({ ...PLANNED, loops: 3 });

	const reused = [0, 1, 2].map((round) => execution.output('Video', 0, round)[0]?.json.reused);
	expect(reused).toEqual([false, true, true]);
	expect(emulator.billing()).toMatchObject({ submitted: 1 });
});

it('equal items share a job that the service does not find yet', async () => {
	emulator.scripts.clear();
	emulator.scriptJob({ notFoundFor: 1, hiddenFromHistoryFor: 100 });
	const files = ownMediaFixtures('new');

	const execution = await engine.run({ ...PLANNED, items: [{ files }, { files }] });

	const { id } = emulator.predictions()[0]!;
	expect(execution.good.map(({ json }) => json.id)).toEqual([id, id]);
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
});

// n8n keeps what the first retry did in a copy of its own: the second one does not know of it.
it.each([undefined, 7])(
	'Retry execution of the same refused execution, twice, pays once (seed %p)',
	async (seed) => {
		emulator.faults.add({ on: 'submit', do: UNAUTHORIZED });
		const failed = await engine.run({ parameters: { options: { seed } } });
		expect(failed.error.message).toContain('Unauthorized');

		const first = await engine.retry(failed);
		const second = await engine.retry(failed);

		expect(second.good[0]?.json.id).toBe(first.good[0]?.json.id);
		expect(second.good[0]?.json.reused).toBe(true);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1 });
	},
);

it('Retry execution with the credential of another account uploads there, and never takes a job', async () => {
	emulator.scripts.clear();
	emulator.scriptJob({ outputs: [`${emulator.origins.cdn}/gone.mp4`] });
	const failed = await engine.run(PLANNED);
	expect(failed.error.message).toContain('could not be downloaded');

	const execution = await engine.retry(failed, { ...PLANNED, ...withCredential(OTHER_ID) });

	expect(execution.good[0]?.json).toMatchObject({ status: 'completed', reused: false });
	expect(emulator.predictions()[1]?.account).toBe('other');
	expect(emulator.requestsTo('put')).toHaveLength(6);

	const other = await engine.run(PLANNED);

	expect(other.good[0]?.json).toMatchObject({ reused: false });
});
