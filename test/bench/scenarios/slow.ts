import { MB, SMALL } from '../support/media';
import type { Row, Scenario } from '../support/measure';
import { counted, nodeSeconds, target, toMB, videosOf } from '../support/measure';
import { OURS, ourWorkflow } from '../support/workflows';

const SIZES = { items: 1, voice: 100 * MB, picture: 10 * MB };
/** 100 MB take 77 s: longer than the minute of silence after which a transfer is given up. */
const UPLOAD_SPEED = 1.3 * MB;
const DOWNLOAD_SPEED = 2 * MB;
const VIDEO = 100 * MB;

/** A slow server on either side, and one that falls silent in the middle of a video. */
export const slow: Scenario = {
	title: 'Slow servers: 100 MB up at 1.3 MB/s, down at 2 MB/s, and a download that stalls',
	async run(testbed, say) {
		const big = await testbed.mediaFiles('slow', SIZES);
		const small = await testbed.mediaFiles('small', SMALL);
		const { emulator } = testbed.remote;
		await testbed.prepare({ videoPaddingBytes: VIDEO }, { respondWhenEnded: true });
		await testbed.execute(ourWorkflow(small, testbed.credential));
		await testbed.dropFiles();
		const idle = (await testbed.watched.rest()).resident;
		await testbed.prepare({ videoPaddingBytes: VIDEO }, { respondWhenEnded: true });
		await emulator.addFault({
			...{ on: 'put', times: 'always', match: { url: '/put/' } },
			do: { slowRead: { bytesPerSecond: UPLOAD_SPEED } },
		});
		await emulator.addFault({
			...{ on: 'download', times: 1 },
			do: { slow: { bytesPerSecond: DOWNLOAD_SPEED } },
		});
		// One byte in a hundred seconds.
		await emulator.addFault({
			...{ on: 'download', times: 1 },
			do: { slow: { bytesPerSecond: 0.01 } },
		});
		const { result, peak } = await testbed.watched.during(async () => {
			const first = testbed.execute(ourWorkflow(small, testbed.credential));
			const down = emulator.until(['requests'], ({ requests }) =>
				requests.some(({ route }) => route === 'download'),
			);
			await down;
			return await Promise.all([
				first,
				testbed.execute(ourWorkflow(small, testbed.credential)),
				testbed.execute(ourWorkflow(big, testbed.credential)),
			]);
		});
		const [down, stalled, up] = result;
		say(
			`up ${nodeSeconds(up, OURS).toFixed(0)} s, down ${nodeSeconds(down, OURS).toFixed(0)} s, stalled ${nodeSeconds(stalled, OURS).toFixed(0)} s, all with ${toMB(peak - idle)} MB`,
		);
		const { calls, billed } = await counted(testbed);
		const { requests } = await emulator.state('requests');
		const puts = requests.filter(({ route }) => route === 'put').length;
		await testbed.dropMedia('slow');
		await testbed.dropFiles();
		const videos = result.map((each) => videosOf(each, OURS));
		const row = (what: string, index: number): Row => ({
			...{ contender: 'node', what },
			...{ seconds: nodeSeconds(result[index]!, OURS), videos: videos[index] },
			megabytes: toMB(peak - idle),
		});
		return {
			rows: [
				{ ...row('slow upload of 2 × 100 MB', 2), calls, billed, note: 'all three together' },
				row('slow download of 100 MB', 0),
				row('download that stalls for good, then works', 1),
			],
			targets: [
				target('memory over idle, all three together', toMB(peak - idle), 100, ' MB'),
				target('executions without a video', 3 - videos.reduce((a, b) => a + b, 0), 0),
				target('uploads, 9 files', puts, 9),
			],
		};
	},
};
