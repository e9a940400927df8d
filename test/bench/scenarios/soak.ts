import { MB, SMALL } from '../support/media';
import type { Scenario } from '../support/measure';
import { counted, nodeSeconds, target, toMB, videosOf } from '../support/measure';
import { OURS, ourWorkflow } from '../support/workflows';

const RUNS = 20;
const ITEMS = 10;
/** Runs after which what n8n loads and caches once is there. */
const WARM = 5;

/** Two hundred items through one n8n: memory, handles and sockets stay where they are. */
export const soak: Scenario = {
	title: `${RUNS * ITEMS} items through one n8n`,
	async run(testbed, say) {
		const media = await testbed.mediaFiles(`${ITEMS}-items`, { ...SMALL, items: ITEMS });
		await testbed.prepare();
		let seconds = 0;
		let videos = 0;
		const resting = [];
		for (let run = 1; run <= RUNS; run++) {
			const execution = await testbed.execute(ourWorkflow(media, testbed.credential));
			seconds += nodeSeconds(execution, OURS);
			videos += videosOf(execution, OURS);
			if (run < WARM) continue;
			resting.push(await testbed.watched.rest());
			const { resident, heap, handles, sockets } = resting.at(-1)!;
			if (run % 5 !== 0) continue;
			say(
				`${run * ITEMS} items: ${toMB(resident)} MB, heap ${toMB(heap)} MB, ${handles} handles, ${sockets} of them sockets`,
			);
		}
		const first = resting[0]!;
		const last = resting.at(-1)!;
		const numbers = { seconds, videos, ...(await counted(testbed)) };
		const grown = (key: 'resident' | 'heap') => Math.max(0, (last[key] - first[key]) / MB);
		return {
			rows: [{ contender: 'node', what: `${RUNS} runs of ${ITEMS} items`, ...numbers }],
			targets: [
				target('growth of living objects over 150 items', grown('heap'), 10, ' MB'),
				target('growth of resident memory over 150 items', grown('resident'), 20, ' MB'),
				target('more handles after 150 items', last.handles - first.handles, 2),
				target('more sockets after 150 items', last.sockets - first.sockets, 2),
				target('items without a video', RUNS * ITEMS - videos, 0),
			],
		};
	},
};
