import { itemsOf } from '../../testbed/n8n';
import { nodeSeconds, target, told, toMB, type Row, type Scenario } from '../support/measure';
import { MB } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import { COMBINE, combineWorkflow } from '../support/workflows';

/** 96 kHz, stereo, 16 bit: ten minutes of it are 230 MB, and two tracks of it as much again. */
const TURN_BYTES = 1.15 * MB;
const TURNS = 200;
const TIMES = 3;

/** Combine Turns: the memory of a long conversation over that of one turn. */
export const tracks: Scenario = {
	title: `Combine Turns: ${TURNS} turns, 10 minutes, 230 MB in and 230 MB out`,
	async run(testbed, say) {
		await testbed.n8n.restart();
		const one = await measure(testbed, 1);
		say(`one turn: ${one.megabytes} MB`);
		const all = await measure(testbed, TURNS);
		say(`${TURNS} turns: ${all.megabytes} MB, ${all.seconds.toFixed(1)} s`);
		return {
			rows: [one, all],
			targets: [
				target(`memory over idle, ${TURNS} turns`, all.megabytes, 60, ' MB'),
				told('the same for one turn', one.megabytes, ' MB'),
				told('time for a minute of conversation', all.seconds / 10, ' s'),
			],
		};
	},
};

/** The highest of some runs, after a first one that warms up. */
async function measure(
	testbed: BenchTestbed,
	turns: number,
): Promise<Row & { megabytes: number; seconds: number }> {
	const sizes = { items: turns, voice: TURN_BYTES, picture: MB };
	const media = await testbed.mediaFiles(`turns-${turns}`, sizes);
	await testbed.execute(combineWorkflow(media));
	await testbed.dropFiles();
	let highest = 0;
	let seconds = 0;
	for (let time = 0; time < TIMES; time++) {
		const idle = (await testbed.watched.rest()).resident;
		const { result, peak } = await testbed.watched.during(
			async () => await testbed.execute(combineWorkflow(media)),
		);
		if (itemsOf(result, COMBINE).length !== 1) throw new Error('There is no conversation.');
		highest = Math.max(highest, peak - idle);
		seconds = nodeSeconds(result, COMBINE);
		await testbed.dropFiles();
	}
	await testbed.dropMedia(`turns-${turns}`);
	return {
		contender: 'node',
		what: `${turns} ${turns === 1 ? 'turn' : 'turns'}, highest of ${TIMES}`,
		seconds,
		megabytes: toMB(highest),
	};
}
