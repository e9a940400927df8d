import { SMALL } from '../support/media';
import type { Scenario } from '../support/measure';
import { counted, target, told } from '../support/measure';
import { storedWorkflow } from '../support/workflows';

const ITEMS = 40;

/** Items that wait for their turn through many stored waits: each file is opened for its check and its upload. */
export const rounds: Scenario = {
	title: `${ITEMS} items, one job at a time, in rounds of a stored wait`,
	async run(testbed) {
		const media = await testbed.mediaFiles('rounds', { ...SMALL, items: ITEMS });
		await testbed.prepare({}, { seconds: 1 });
		const { opened: before } = await testbed.watched.rest();
		const { data } = await testbed.execute(
			storedWorkflow(media, testbed.credential, { itemsInFlight: 1 }),
		);
		const { opened: after } = await testbed.watched.rest();
		const numbers = await counted(testbed);
		await testbed.dropFiles();
		const { uploads } = numbers.calls;
		const state = JSON.stringify(data.executionData?.contextData ?? {}).length;
		return {
			rows: [{ contender: 'node', what: `${ITEMS} items`, videos: ITEMS, ...numbers }],
			targets: [
				target('files opened beside one for each upload', after - before - uploads, ITEMS + 2),
				told('what the node keeps in the execution at its end', state / 1024, ' KB'),
				target('jobs paid for beside one for each', numbers.billed - ITEMS, 0),
			],
		};
	},
};
