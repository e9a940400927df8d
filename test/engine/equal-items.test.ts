/** Items with the same inputs share one job, however the service stumbles meanwhile. */
import { describe, expect, it } from '@jest/globals';
import type { RunOptions } from './support/engine';
import { ownMediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const testbed = useEngine();

/** Two items, of a user who has not added the option Seed. The process remembers jobs by their inputs. */
function twice(name: string): RunOptions {
	const files = ownMediaFixtures(name);
	return { items: [{ files }, { files }], parameters: { options: { seed: undefined } } };
}

describe('the second of two equal items uses the job of the first', () => {
	it('which the service does not find yet', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ notFoundFor: 1, hiddenFromHistoryFor: 100 });

		const execution = await engine.run(twice('new'));

		const [job] = emulator.predictions();
		expect(execution.good.map(({ json }) => json.id)).toEqual([job?.id, job?.id]);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it.each([
		['and finds it late, after the first one gave up', 8, 1],
		['and fails as the first one does, when it is not to be found', 100, 0],
	])('whose response was lost, %s', async (name, hiddenFromHistoryFor, found) => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ hiddenFromHistoryFor });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });

		const execution = await engine.run({
			...twice(name),
			node: { onError: 'continueErrorOutput' },
		});

		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
		expect(execution.good).toHaveLength(found);
		expect(execution.bad).toHaveLength(2 - found);
		for (const { json } of execution.bad) expect(json.error).toMatchObject({ may_exist: true });
	});
});
