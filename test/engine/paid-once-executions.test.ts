/** What is paid once across executions, Retry execution and accounts, beside the history's part. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { defaultSettings } from '../emulator/options';
import { CREDENTIAL_TYPE } from './support/credentials';
import { createEngine, type RunOptions } from './support/engine';
import { copyOf, mediaFixtures, type TestFile } from './support/files';
import { closedGate, useEngine } from './support/testbed';
import { fromField } from './support/workflow';

const OTHER_ID = 'wavespeed-2';
const OTHER_KEY = 'wsk_other_account';
/** Another credential of the same account. */
const SECOND_ID = 'wavespeed-3';

const { emulator, engine } = useEngine({
	otherKeys: { [OTHER_ID]: OTHER_KEY, [SECOND_ID]: ` ${defaultSettings.apiKey}\n` },
	emulator: { keys: { [OTHER_KEY]: { account: 'other' } } },
});

const READY = { seconds: 0, respondWhenEnded: true, times: 'always' } as const;
const unauthorized = { status: 401, body: { code: 401, message: 'Unauthorized' } };

function withOptions(options: INodeParameters = {}, more: INodeParameters = {}): RunOptions {
	return { parameters: { ...more, options: { seed: undefined, ...options } } };
}

function withCredential(id: string): RunOptions {
	return { node: { credentials: { [CREDENTIAL_TYPE]: { id, name: 'Another credential' } } } };
}

function renamed(file: TestFile, index: number): TestFile {
	return copyOf(file, { name: `${index}-copy of ${file.name.toUpperCase()}` });
}

describe('the same content', () => {
	it('under other names and in another field is the same job', async () => {
		emulator.scriptJob(READY);
		await engine.run(withOptions());
		const [face, left, right] = Object.values(mediaFixtures).map(renamed);
		const fields = { image: fromField('face'), leftAudio: fromField('left') };

		const execution = await engine.run({
			...withOptions({}, fields),
			items: [{ files: { face: face!, left: left!, right_audio: right! } }],
		});

		expect(execution.good[0]?.json).toMatchObject({ reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('in the items instead of on the disk has the same seed', async () => {
		emulator.scriptJob(READY);
		await engine.run(withOptions());
		const inMemory = await createEngine({ emulator, binaryData: 'memory' });

		const execution = await inMemory.run(withOptions());

		expect(execution.good[0]?.json).toMatchObject({ reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});
});

describe('several executions', () => {
	it('pay once although the history shows nothing of the first one yet', async () => {
		emulator.setOptions({ historyLagSeconds: 3600 });
		emulator.scriptJob(READY);
		await engine.run(withOptions());

		const execution = await engine.run(withOptions());

		expect(execution.good[0]?.json).toMatchObject({ reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});

	it('pay once in a loop of one execution', async () => {
		emulator.scriptJob(READY);

		const execution = await engine.run({ ...withOptions(), loops: 3 });

		const reused = [0, 1, 2].map((round) => execution.output('Video', 0, round)[0]?.json.reused);
		expect(reused).toEqual([false, true, true]);
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});
});

describe('two credentials of one account', () => {
	it('pay once, one after the other', async () => {
		emulator.scriptJob(READY);
		await engine.run(withOptions());

		const execution = await engine.run({ ...withOptions(), ...withCredential(SECOND_ID) });

		expect(execution.good[0]?.json).toMatchObject({ reused: true });
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});

	it('pay once, at the same time', async () => {
		emulator.setOptions({ historyLagSeconds: 3600 });
		emulator.scriptJob(READY);
		const gate = closedGate();
		emulator.faults.add({ on: 'submit', do: { delay: gate.opened } });
		const running = [{}, withCredential(SECOND_ID)].map(
			async (node) => await engine.start({ ...withOptions(), ...node }).done,
		);

		// The second one has uploaded its files, and waits for what the first one finds or submits.
		await emulator.until(() => emulator.requestsTo('history').length > 0);
		gate.open();
		const [first, second] = await Promise.all(running);

		expect(second?.good[0]?.json.id).toBe(first?.good[0]?.json.id);
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});
});

describe('Retry execution', () => {
	// n8n keeps what the first retry did in a copy of its own: the second one does not know of it.
	it.each([undefined, 7])(
		'of the same refused execution, twice, pays once (seed %p)',
		async (seed) => {
			emulator.faults.add({ on: 'submit', do: { respond: unauthorized } });
			emulator.scriptJob(READY);
			const failed = await engine.run(withOptions({ seed }));
			expect(failed.error.message).toContain('Unauthorized');

			const first = await engine.retry(failed);
			const second = await engine.retry(failed);

			expect(second.good[0]?.json.id).toBe(first.good[0]?.json.id);
			expect(second.good[0]?.json.reused).toBe(true);
			expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1 });
		},
	);

	it('with the credential of another account uploads there, and never takes its jobs', async () => {
		const respond = { status: 402, body: { code: 402, message: 'Insufficient credits' } };
		emulator.faults.add({ on: 'submit', do: { respond } });
		emulator.scriptJob(READY);
		const failed = await engine.run(withOptions());
		expect(failed.error.message).toContain('Insufficient credits');
		const execution = await engine.retry(failed, { ...withOptions(), ...withCredential(OTHER_ID) });

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('put')).toHaveLength(6);
		const [job] = emulator.predictions();
		expect(job?.account).toBe('other');
		const mine = emulator.uploads().slice(3);
		expect(mine.map(({ downloadUrl }) => downloadUrl).sort()).toEqual(
			[job?.inputs.image, job?.inputs.left_audio, job?.inputs.right_audio].sort(),
		);

		const own = await engine.run(withOptions());

		expect(own.good[0]?.json).toMatchObject({ reused: false });
		expect(emulator.predictions().map(({ account }) => account)).toEqual(['other', 'main']);
	});
});

it('a job that another account paid for is never resumed', async () => {
	emulator.scriptJob({ ...READY, times: 1, outputs: [`${emulator.origins.cdn}/gone.mp4`] });
	const failed = await engine.run(withOptions({ seed: 7 }));
	expect(failed.error.message).toContain('could not be downloaded');
	emulator.scriptJob(READY);

	const other = { ...withOptions({ seed: 7 }), ...withCredential(OTHER_ID) };
	const execution = await engine.retry(failed, other);

	expect(execution.good[0]?.json).toMatchObject({ status: 'completed', reused: false });
	expect(emulator.predictions().map(({ account }) => account)).toEqual(['main', 'other']);
});

describe('a lost response', () => {
	it.each([
		['ten minutes ahead', { clockOffsetSeconds: 600 }],
		['late', {}],
	] as const)('is made up for by the fingerprint, shown %s', async (_name, options) => {
		emulator.setOptions(options);
		// The first look is that before the submission.
		emulator.scriptJob({ seconds: 0, hiddenFromHistoryFor: 3 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run(withOptions());

		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[0]?.id);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('whose job the history shows too late is found by the next execution', async () => {
		emulator.scriptJob({ seconds: 0, hiddenFromHistoryFor: 6 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const failed = await engine.run(withOptions());
		expect(failed.error.message).toContain('a job may exist');

		const execution = await engine.run(withOptions());

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[0]?.id,
			reused: true,
		});
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});
