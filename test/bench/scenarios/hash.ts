import { MB } from '../support/media';
import type { Ran, Row, Scenario } from '../support/measure';
import { median, ran, target, told } from '../support/measure';
import { OURS } from '../support/workflows';

const NAME = 'hash';
const SIZES = { items: 1, voice: 190 * MB, picture: 10 * MB };
const VIDEO = 300 * MB;
const TIMES = 3;
/** Bytes per second of each upload; both voices go at the same time: 200 Mbit/s. */
const LINE_SPEED = 12.5 * MB;

/**
 * What it costs to read each file once before it is sent, for its digest and its length. The node
 * sends nothing before that, so it is the time from the node's start to its first request: all of
 * it, parameters and credential included.
 */
export const hash: Scenario = {
	title: 'One item of 2 × 190 MB: reading for the digest',
	async run(testbed, say) {
		const media = await testbed.mediaFiles(NAME, SIZES);
		const measure = async (speed?: number): Promise<Sample> => {
			await testbed.prepare({ videoPaddingBytes: VIDEO }, { respondWhenEnded: true });
			if (speed !== undefined) {
				await testbed.remote.emulator.addFault({
					...{ on: 'put', times: 'always', match: { url: '/put/' } },
					do: { slowRead: { bytesPerSecond: speed } },
				});
			}
			const { row, execution } = await ran(testbed, 'node', media, '');
			const [first] = (await testbed.remote.emulator.state('requests')).requests;
			const began = execution.data.resultData.runData[OURS]?.[0]?.startTime ?? NaN;
			const reading = ((first?.time ?? NaN) - began) / 1000;
			say(`${row.seconds.toFixed(2)} s, ${reading.toFixed(2)} s of it before the first request`);
			await testbed.dropFiles();
			return { ...row, reading };
		};
		await measure();
		const local: Sample[] = [];
		for (let time = 0; time < TIMES; time++) local.push(await measure());
		const line = await measure(LINE_SPEED);
		await testbed.dropMedia(NAME);
		return {
			rows: [
				rowOf(`one item on loopback, median of ${TIMES}`, local),
				rowOf('one item at 200 Mbit/s', [line]),
			],
			targets: [
				target('time over that without reading, 200 Mbit/s', ratio(line), 1.1, ' ×'),
				told('the same on loopback, jobs of no time', median(local.map(ratio)), ' ×'),
				told('seconds of reading', median(local.map(({ reading }) => reading)), ' s'),
			],
		};
	},
};

interface Sample extends Ran {
	/** Seconds of the node before its first request. */
	readonly reading: number;
}

function ratio({ seconds, reading }: Sample): number {
	return seconds / (seconds - reading);
}

function rowOf(what: string, samples: readonly Sample[]): Row {
	const { calls, billed, videos } = samples[0]!;
	const seconds = median(samples.map((sample) => sample.seconds));
	return { contender: 'node', what, seconds, calls, billed, videos };
}
