/** What is known of files is kept for as long as it may be needed: a woken node neither reads nor fetches again. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { BinaryDataService } from 'n8n-core';
import type { IDataObject } from 'n8n-workflow';
import { refused, retrying, UNAUTHORIZED } from '../support/cases';
import type { Execution } from '../support/execution';
import { ownMediaFixtures, pair } from '../support/files';
import { Container } from '../support/injected';
import { storedRun, useStoredWait } from '../support/stored';
import { byUrl } from '../support/workflow';

const { emulator, engine, scriptJobs, untilEnd } = useStoredWait();

afterEach(() => void jest.restoreAllMocks());

/** What the node keeps of files in the execution. */
const filesOf = ({ context }: Execution) => (context.state as IDataObject).files as IDataObject;

describe('items that wait for their turn', () => {
	const items = ['a', 'b', 'c', 'd', 'e'];

	it('have their files read once in all rounds', async () => {
		scriptJobs();
		const opened = jest.spyOn(Container.get(BinaryDataService), 'getAsStream');
		const stored = await engine.run(
			storedRun(items, { parameters: { options: { itemsInFlight: 1 } } }),
		);
		expect(Object.keys(filesOf(stored))).toEqual(['0.1', '0.2', '0.3', '0.4']);

		const ended = await untilEnd(stored);

		expect(ended.good).toHaveLength(5);
		// Once for the check and once for the upload.
		expect(opened).toHaveBeenCalledTimes(2 * 3 * items.length);
		expect(filesOf(ended)).toEqual({});
	});

	it.each(['filesystem', 'memory'] as const)(
		'have their URLs fetched as seldom (%s)',
		async (mode) => {
			scriptJobs();
			const { image } = byUrl(emulator);
			const parameters = { image, options: { itemsInFlight: 1 } };
			const planned = storedRun(items, { parameters, binaryData: mode });

			const ended = await untilEnd(await engine.run(planned));

			expect(ended.good).toHaveLength(5);
			// In the memory of n8n nothing stays from one round to the next.
			expect(emulator.requestsTo('web')).toHaveLength(mode === 'memory' ? 5 : 1);
		},
	);
});

describe('a job that exists is resumed whatever its addresses give now', () => {
	it.each(['filesystem', 'memory'] as const)('by Retry execution (%s)', async (binaryData) => {
		const { image, leftAudio } = byUrl(emulator);
		emulator.faults.add({ on: 'result', do: UNAUTHORIZED });
		const failed = await engine.run({ parameters: { image, leftAudio }, binaryData });
		expect(failed.error.message).toContain('Unauthorized');
		const fetched = emulator.requestsTo('web').length;
		emulator.host(pair.name, ownMediaFixtures('other').image);

		const execution = await engine.retry(failed);

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('web')).toHaveLength(fetched);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('by Retry On Fail, also when the response to the submission was lost', async () => {
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		emulator.faults.add({ on: 'history', times: 2, do: { respond: { status: 403 } } });
		emulator.faults.add({ on: 'web', skip: 1, times: 'always', do: { respond: { status: 403 } } });

		const execution = await engine.run({
			parameters: { image: byUrl(emulator).image, options: { seed: 7 } },
			node: retrying(3),
		});

		emulator.faults.clear();
		expect(execution.failure).toBeUndefined();
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});

it('without a job, an address is fetched again: the file behind it may be another one now', async () => {
	emulator.faults.add({ on: 'submit', do: refused(400, 'Odd picture') });
	const failed = await engine.run({ parameters: { image: byUrl(emulator).image } });
	expect(failed.error.message).toContain('Odd picture');
	emulator.host(pair.name, ownMediaFixtures('other').image);

	const execution = await engine.retry(failed);

	expect(execution.failure).toBeUndefined();
	expect(emulator.requestsTo('web')).toHaveLength(2);
	expect(emulator.requestsTo('put')).toHaveLength(4);
});
