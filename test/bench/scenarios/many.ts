import { counted, target, told, videosOf, type Scenario } from '../support/measure';
import { SMALL } from '../support/media';
import { OURS, storedWorkflow } from '../support/workflows';

const ITEMS = 300;
const AT_ONCE = 30;
const JOB_SECONDS = 5;

/** Jobs that end close together, each with a call: what n8n and the service are asked for by it. */
export const many: Scenario = {
	title: `${ITEMS} items, ${AT_ONCE} jobs at once, woken by calls`,
	async run(testbed) {
		const media = await testbed.mediaFiles('many', { ...SMALL, items: ITEMS });
		await testbed.prepare({ seconds: JOB_SECONDS });
		const execution = await testbed.execute(
			storedWorkflow(media, testbed.credential, { itemsInFlight: AT_ONCE }),
		);
		const numbers = await counted(testbed);
		const { requests, deliveries } = await testbed.remote.emulator.state('requests', 'deliveries');
		await testbed.dropFiles();
		const count = (name: string) => requests.filter(({ route }) => route === name).length;
		const videos = videosOf(execution, OURS);
		return {
			rows: [{ contender: 'node', what: `${ITEMS} items`, videos, ...numbers }],
			targets: [
				target('jobs paid for beside one for each', numbers.billed - ITEMS, 0),
				target('downloads beside one for each', count('download') - ITEMS, 0),
				target('calls of the service for a job', deliveries.length / ITEMS, 2),
				target('reads of a job', numbers.calls.results / ITEMS, 2),
				told('pages of the history read for a job', count('history') / ITEMS),
			],
		};
	},
};
