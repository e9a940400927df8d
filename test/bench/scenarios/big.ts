import { MB, SMALL, type MediaSizes } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import type { Calls, Finding, Row, Scenario } from '../support/measure';
import { counted, nodeSeconds, target, told, toMB, videosOf } from '../support/measure';
import { OURS, ourWorkflow } from '../support/workflows';

interface Big {
	readonly name: string;
	readonly sizes: MediaSizes;
	readonly video: number;
	/** V8 settles on other sizes in each process: one that is lucky, or not, would decide alone. */
	readonly processes: number;
	/** Items one by one, in each process. */
	readonly times: number;
}

const SIZES = { items: 1, voice: 100 * MB, picture: 10 * MB };

/** One item with big files: memory, and the time that n8n and our node add. */
export const big: Scenario = scenario('One big item (2 × 100 MB, 10 MB in, 300 MB out)', {
	...{ name: 'big', sizes: SIZES, video: 300 * MB, processes: 3, times: 3 },
});

/** The same ten times with still bigger files: nothing may grow with bytes or items. */
export const huge: Scenario = scenario('Ten bigger items (2 × 190 MB in, 1.2 GB out)', {
	...{ name: 'huge', sizes: { ...SIZES, voice: 190 * MB }, video: 1200 * MB },
	...{ processes: 1, times: 10 },
});

function scenario(title: string, what: Big): Scenario {
	return { title, run: async (testbed, say) => await run(testbed, say, what) };
}

async function run(
	testbed: BenchTestbed,
	say: (line: string) => void,
	what: Big,
): Promise<Finding> {
	const { name, sizes, video, processes, times } = what;
	const media = await testbed.mediaFiles(name, sizes);
	const ours: Array<Sample & { peak: number }> = [];
	const floors: Sample[] = [];
	let growth = 0;
	for (let process = 1; process <= processes; process++) {
		await testbed.n8n.restart();
		await warmUp(testbed);
		const idle = (await testbed.watched.rest()).resident;
		for (let time = 1; time <= times; time++) {
			// The submission is answered when the job has ended: no waiting hides the work.
			await testbed.prepare({ respondWhenEnded: true }, video);
			const { result, peak } = await testbed.watched.during(
				async () => await testbed.execute(ourWorkflow(media, testbed.credential)),
			);
			if (videosOf(result, OURS) !== 1) throw new Error('our node gave no video');
			const took = nodeSeconds(result, OURS);
			ours.push({ seconds: took, peak: peak - idle, ...(await counted(testbed)) });
			await testbed.dropFiles();
			await testbed.prepare({ respondWhenEnded: true }, video);
			const seconds = await testbed.runFloor(media);
			floors.push({ seconds, ...(await counted(testbed)) });
			await testbed.dropFiles();
			say(
				`${process}.${time}: node ${took.toFixed(2)} s, ${toMB(peak - idle)} MB; floor ${seconds.toFixed(2)} s`,
			);
		}
		const peaks = ours.slice(-times).map(({ peak }) => toMB(peak));
		growth = Math.max(growth, peaks.at(-1)! - peaks[0]!);
	}
	await testbed.dropMedia(name);
	const peaks = ours.map(({ peak }) => toMB(peak));
	const ratios = ours.map(({ seconds }, index) => seconds / floors[index]!.seconds);
	const ofProcesses = Array.from({ length: processes }, (_none, process) =>
		median(ratios.slice(process * times, (process + 1) * times)),
	);
	return {
		rows: [{ ...row('node', ours), megabytes: Math.max(...peaks) }, row('floor', floors)],
		targets: [
			target('memory over idle, highest of all runs', Math.max(...peaks), 100, ' MB'),
			target('memory of the last item over the first of its process', growth, 30, ' MB'),
			target("node's time over the floor's, median of pairs", median(ratios), 1.15, ' ×'),
			told(`the slowest of ${processes} processes of n8n`, Math.max(...ofProcesses), ' ×'),
		],
	};
}

/** What one item took, with one video. */
interface Sample {
	readonly seconds: number;
	readonly calls: Calls;
	readonly billed: number;
}

function row(contender: Row['contender'], samples: readonly Sample[]): Row {
	const { calls, billed } = samples[0]!;
	const seconds = median(samples.map((sample) => sample.seconds));
	const what = `one item, median of ${samples.length}`;
	return { contender, what, seconds, calls, billed, videos: 1 };
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	const upper = sorted[middle] ?? NaN;
	return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Loads the code of all nodes, which is not what is measured. */
async function warmUp(testbed: BenchTestbed): Promise<void> {
	const media = await testbed.mediaFiles('small', SMALL);
	await testbed.prepare({ respondWhenEnded: true });
	for (let time = 0; time < 4; time++)
		await testbed.execute(ourWorkflow(media, testbed.credential));
}
