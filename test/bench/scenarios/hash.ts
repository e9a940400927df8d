import { MB } from '../support/media';
import type { Row, Scenario } from '../support/measure';
import { counted, median, nodeSeconds, target, told, videosOf } from '../support/measure';
import { OURS, ourWorkflow } from '../support/workflows';

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
			const execution = await testbed.execute(ourWorkflow(media, testbed.credential));
			const [first] = (await testbed.remote.emulator.state('requests')).requests;
			const began = execution.data.resultData.runData[OURS]?.[0]?.startTime ?? NaN;
			const whole = nodeSeconds(execution, OURS);
			const reading = ((first?.time ?? NaN) - began) / 1000;
			say(`${whole.toFixed(2)} s, ${reading.toFixed(2)} s of it before the first request`);
			const videos = videosOf(execution, OURS);
			const numbers = { whole, reading, videos, ...(await counted(testbed)) };
			await testbed.dropFiles();
			return numbers;
		};
		await measure();
		const local: Sample[] = [];
		for (let time = 0; time < TIMES; time++) local.push(await measure());
		const line = await measure(LINE_SPEED);
		await testbed.dropMedia(NAME);
		return {
			rows: [
				row(`one item on loopback, median of ${TIMES}`, local),
				row('one item at 200 Mbit/s', [line]),
			],
			targets: [
				target(NAME, 'time over that without reading, 200 Mbit/s', ratio(line), 1.1, ' ×'),
				told(NAME, 'the same on loopback, jobs of no time', median(local.map(ratio)), ' ×'),
				told(NAME, 'seconds of reading', median(local.map(({ reading }) => reading)), ' s'),
			],
		};
	},
};

interface Sample extends Pick<Row, 'calls' | 'billed' | 'videos'> {
	/** Seconds of the node. */
	readonly whole: number;
	/** Seconds of it before its first request. */
	readonly reading: number;
}

function ratio({ whole, reading }: Sample): number {
	return whole / (whole - reading);
}

function row(what: string, samples: readonly Sample[]): Row {
	const { calls, billed, videos } = samples[0]!;
	const seconds = median(samples.map(({ whole }) => whole));
	return { scenario: NAME, contender: 'node', what, seconds, calls, billed, videos };
}
