import { SMALL } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import type { Scenario } from '../support/measure';
import { ran, target } from '../support/measure';

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
		const media = await testbed.mediaFiles('storm', { ...SMALL, items: ITEMS });
		await prepare(testbed);
		const ours = await ran(testbed, 'node', media, `${ITEMS} items`);
		const overtaken = await mostOvertaken(testbed);
		await prepare(testbed);
		const theirs = await ran(testbed, 'recipe', media, `${ITEMS} items`);
		const { status } = theirs.execution;
		const { seconds, billed, videos } = ours.row;
		return {
			rows: [
				{ ...ours.row, note: ours.execution.status },
				{
					...theirs.row,
					note: status === 'error' ? 'fails; the jobs it paid for are lost' : status,
				},
			],
			targets: [
				target('items without a video', ITEMS - videos, 0),
				target('jobs paid for beside one for each item', billed - ITEMS, 0),
				target('items that overtook another one', overtaken, 8),
				target('time over what the limit alone takes', seconds / LEAST_SECONDS, 1.5, ' ×'),
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
