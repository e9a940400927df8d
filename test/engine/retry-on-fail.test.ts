/** n8n's Retry On Fail runs the whole node again; a job that is paid for is never paid for again. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { BinaryDataService } from 'n8n-core';
import type { INode } from 'n8n-workflow';
import type { FaultRule } from '../emulator/emulator';
import type { RunOptions } from './support/engine';
import { ownMediaFixtures, mediaFixtures } from './support/files';
import { Container } from './support/injected';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

function retrying(maxTries: number): Partial<INode> {
	return { retryOnFail: true, maxTries, waitBetweenTries: 1 };
}

/** One item, run again at most so often. */
async function runWithTries(maxTries: number, more: RunOptions = {}): Promise<Execution> {
	return await engine.run({
		node: retrying(maxTries),
		...more,
	});
}

/** How often a try went on with a job of an earlier one. */
function resumptions(execution: Execution): number {
	return execution.everything.match(/job [\w-]+ resumed/g)?.length ?? 0;
}

function expectPaidOnce(): void {
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
	expect(emulator.requestsTo('put')).toHaveLength(3);
	expect(emulator.requestsTo('ticket')).toHaveLength(3);
}

const unauthorized = { status: 401, body: { code: 401, message: 'Unauthorized' } };

describe('one job, one upload of each file', () => {
	it.each<[string, number, FaultRule, number]>([
		['polls that fail for a minute', 2, { on: 'result', times: 5, do: 'reset' }, 0],
		[
			'polls that fail the node, twice',
			3,
			{ on: 'result', times: 2, do: { respond: unauthorized } },
			2,
		],
		['a download that fails', 2, { on: 'download', times: 4, do: { respond: { status: 500 } } }, 1],
	])('%s', async (_name, tries, fault, resumed) => {
		emulator.faults.add(fault);

		const execution = await runWithTries(tries);

		expect(execution.failure).toBeUndefined();
		expect(execution.good[0]?.json.id).toBe(emulator.predictions()[0]?.id);
		expect(resumptions(execution)).toBe(resumed);
		expectPaidOnce();
	});

	it('polls that fail at all of five tries', async () => {
		emulator.faults.add({ on: 'result', times: 'always', do: { respond: unauthorized } });

		const execution = await runWithTries(5);

		expect(execution.error.message).toContain('Unauthorized');
		expect(resumptions(execution)).toBe(4);
		expectPaidOnce();
	});

	it('a timeout', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const options = { timeoutMinutes: 1 };

		const running = engine.start({
			parameters: { options },
			node: retrying(5),
		});
		await emulator.until(() => emulator.requestsTo('result').length >= 15);
		await emulator.finishAll();
		const execution = await running.done;

		expect(execution.failure).toBeUndefined();
		expect(resumptions(execution)).toBeGreaterThan(0);
		expectPaidOnce();
	});
});

describe('trouble inside n8n', () => {
	afterEach(() => void Reflect.deleteProperty(Container.get(BinaryDataService), 'store'));

	it('a full disk', async () => {
		const store = Container.get(BinaryDataService);
		const real = store.store.bind(store);
		let failures = 0;
		store.store = async (location, content, binary) => {
			if (binary.mimeType !== 'video/mp4' || ++failures > 4) {
				return await real(location, content, binary);
			}
			throw new Error('ENOSPC: no space left on device');
		};

		const execution = await runWithTries(2);

		expect(execution.failure).toBeUndefined();
		expect(resumptions(execution)).toBe(1);
		expectPaidOnce();
	});
});

describe('several items', () => {
	const items = ['a', 'b', 'c'].map((mark) => ({ files: ownMediaFixtures(mark) }));

	it('one that fails makes the others be looked up, not made again', async () => {
		emulator.scriptJob({ match: 'b-pair', id: 'job-of-b', seconds: 'never' });
		const respond = unauthorized;
		// Not before all have been submitted: an upload that the failure cuts off is rightly repeated.
		const when = () => {
			const allThere = emulator.predictions().length === 3;
			if (allThere) void emulator.finishAll();
			return allThere;
		};
		emulator.faults.add({ on: 'result', match: { url: 'job-of-b' }, when, do: { respond } });

		const execution = await engine.run({ items, node: retrying(2) });

		expect(execution.good).toHaveLength(3);
		expect(new Set(execution.good.map(({ json }) => json.id)).size).toBe(3);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3, paid: 3 });
		expect(emulator.requestsTo('put')).toHaveLength(9);
	});

	// n8n runs all items again when the first output item failed, although the node continues.
	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'with %s, a first one that fails makes only itself again',
		async (onError) => {
			const end = { status: 'failed', code: 5000, error: 'Busy' };
			emulator.scriptJob({ match: 'a-pair', end });

			const execution = await engine.run({ items, node: { ...retrying(3), onError } });

			expect(execution.good.map(({ json }) => json.status)).toEqual(Array(3).fill('completed'));
			expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 4, refunded: 1, paid: 3 });
			expect(emulator.requestsTo('put')).toHaveLength(9);
		},
	);

	it('equal items have a job each, and keep it', async () => {
		emulator.faults.add({ on: 'result', do: { respond: unauthorized } });

		const execution = await engine.run({
			items: [{ files: mediaFixtures }, { files: mediaFixtures }],
			node: retrying(2),
		});

		expect(new Set(execution.good.map(({ json }) => json.id)).size).toBe(2);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2, paid: 2 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});
});

describe('submitted anew', () => {
	it.each(['failed', 'timeout'])('a job that ended as %s', async (status) => {
		emulator.scriptJob({ end: { status, code: 5000, error: 'Busy' } });

		const execution = await runWithTries(3);

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[1]?.id,
			status: 'completed',
		});
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2, refunded: 1, paid: 1 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('but not a job that somebody deleted, for which no refund is promised', async () => {
		emulator.scriptJob({ end: { status: 'deleted', code: 0, error: '' } });

		const execution = await runWithTries(3);

		expect(execution.error.description).toContain('may have been charged');
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('a submission that was refused, without another upload', async () => {
		const body = { code: 402, message: 'Insufficient credits' };
		emulator.faults.add({ on: 'submit', do: { respond: { status: 402, body } } });

		const execution = await runWithTries(2);

		expect(execution.failure).toBeUndefined();
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1, paid: 1 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('an upload that failed, and only that one', async () => {
		const respond = { status: 400, body: { code: 400, message: 'Odd file' } };
		emulator.faults.add({ on: 'ticket', match: { body: 'right-voice' }, do: { respond } });

		const execution = await runWithTries(2);

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('put')).toHaveLength(3);
		expect(emulator.requestsTo('ticket')).toHaveLength(4);
	});
});

describe('other operations', () => {
	it('Submit hands out the job of the earlier try', async () => {
		const respond = { status: 400, body: { code: 400, message: 'Odd picture' } };
		emulator.faults.add({ on: 'submit', match: { body: 'right_left' }, do: { respond } });

		const execution = await engine.run({
			items: ['left_right', 'right_left'].map((order) => ({
				json: { order },
				files: mediaFixtures,
			})),
			parameters: { operation: 'submit', order: '={{ $json.order }}' },
			node: retrying(2),
		});

		expect(execution.good).toHaveLength(2);
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 2, paid: 2 });
	});

	it('a success is never run again', async () => {
		const execution = await runWithTries(5, { parameters: { simplify: false } });

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('download')).toHaveLength(1);
		expectPaidOnce();
	});
});
