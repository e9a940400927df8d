import { MB } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import type { Row, Scenario } from '../support/measure';
import { counted, nodeSeconds, target, videosOf } from '../support/measure';
import { OURS, ourWorkflow, RECIPE_NODES } from '../support/workflows';

const NAME = 'storm';
const ITEMS = 30;
/** Submissions in each "minute" of five seconds. */
const PER_MINUTE = 5;
const MINUTE_SECONDS = 5;
/** Looks at jobs that are refused as well. */
const REFUSED_LOOKS = 20;
/** Seconds that the limit alone makes the last submission wait. */
const LEAST_SECONDS = (ITEMS / PER_MINUTE - 1) * MINUTE_SECONDS;

/** More items than the service takes in a minute: slower, but none fails and none starves. */
export const storm: Scenario = {
	title: `${ITEMS} items against a limit of ${PER_MINUTE} a minute (of ${MINUTE_SECONDS} s)`,
	async run(testbed) {
		const media = await testbed.mediaFiles(NAME, {
			items: ITEMS,
			voice: 0.2 * MB,
			picture: 0.2 * MB,
		});
		await prepare(testbed);
		const ours = await testbed.execute(ourWorkflow(media, testbed.credential));
		const overtaken = await mostOvertaken(testbed);
		const node: Row = {
			...{ scenario: NAME, contender: 'node', what: `${ITEMS} items` },
			...{ seconds: nodeSeconds(ours, OURS), videos: videosOf(ours, OURS) },
			...(await counted(testbed)),
			note: ours.status,
		};
		await prepare(testbed);
		const theirs = await testbed.execute(testbed.recipe(media));
		const recipe: Row = {
			...{ scenario: NAME, contender: 'recipe', what: `${ITEMS} items` },
			...{ seconds: nodeSeconds(theirs, ...RECIPE_NODES), videos: videosOf(theirs, 'Download') },
			...(await counted(testbed)),
			note: theirs.status === 'error' ? 'fails; the jobs it paid for are lost' : theirs.status,
		};
		const failed = ITEMS - (node.videos ?? 0);
		const billed = (node.billed ?? NaN) - ITEMS;
		const slower = (node.seconds ?? NaN) / LEAST_SECONDS;
		return {
			rows: [node, recipe],
			targets: [
				target(NAME, 'items without a video', failed, 0),
				target(NAME, 'jobs paid for beside one for each item', billed, 0),
				target(NAME, 'items that overtook another one', overtaken, 8),
				target(NAME, 'time over what the limit alone takes', slower, 1.5, ' ×'),
			],
		};
	},
};

async function prepare(testbed: BenchTestbed): Promise<void> {
	const limit = { requestsPerMinute: PER_MINUTE, minuteSeconds: MINUTE_SECONDS };
	await testbed.prepare({ jobSeconds: 2, ...limit });
	await testbed.remote.emulator.addFault({
		on: 'result',
		times: REFUSED_LOOKS,
		do: { respond: { status: 429, headers: { 'retry-after': '1' }, body: { code: 429 } } },
	});
}

/** The largest number of places by which an item was submitted later than its turn. */
async function mostOvertaken(testbed: BenchTestbed): Promise<number> {
	const { predictions } = await testbed.remote.emulator.state('predictions');
	const order = [...predictions]
		.sort((a, b) => a.createdAt - b.createdAt)
		.map(({ inputs }) => Number(/voice-(\d+)/.exec(inputs.left_audio)?.[1]));
	return Math.max(...order.map((item, place) => place - item));
}
