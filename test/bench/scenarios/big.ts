import type { MediaSizes } from '../support/media';
import { MB, SMALL } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import type { Finding, Group, Row, Scenario } from '../support/measure';
import { counted, median, nodeSeconds, target, told, toMB, videosOf } from '../support/measure';
import { OURS, ourWorkflow, RECIPE_NODES } from '../support/workflows';

interface Big {
	readonly name: string;
	readonly sizes: MediaSizes;
	readonly video: number;
	/** V8 settles on other sizes in each process: one that is lucky, or not, would decide alone. */
	readonly processes: number;
	/** Items one by one, in each process. */
	readonly times: number;
	readonly recipe: boolean;
}

const SIZES = { items: 1, voice: 100 * MB, picture: 10 * MB };

/** One item with big files: memory, and the time that n8n and our node add. */
export const big: Scenario = scenario('One big item (2 × 100 MB, 10 MB in, 300 MB out)', {
	...{ name: 'big', sizes: SIZES, video: 300 * MB, processes: 3, times: 3, recipe: true },
});

/** The same ten times with still bigger files: nothing may grow with bytes or items. */
export const huge: Scenario = scenario('Ten bigger items (2 × 190 MB in, 1.2 GB out)', {
	...{ name: 'huge', sizes: { ...SIZES, voice: 190 * MB }, video: 1200 * MB },
	...{ processes: 1, times: 10, recipe: false },
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
	const rows: Row[] = [];
	const ours: Sample[] = [];
	const floors: Sample[] = [];
	let growth = 0;
	for (let process = 1; process <= processes; process++) {
		await testbed.n8n.restart();
		await warmUp(testbed);
		const idle = (await testbed.watched.rest()).resident;
		const idleFloor = (await testbed.floor.watched.rest()).resident;
		for (let time = 1; time <= times; time++) {
			// The submission is answered when the job has ended: no waiting hides the work.
			await testbed.prepare({ videoPaddingBytes: video }, { respondWhenEnded: true });
			const { result, peak, cpu } = await testbed.watched.during(
				async () => await testbed.execute(ourWorkflow(media, testbed.credential)),
			);
			const ms = nodeSeconds(result, OURS) * 1000;
			ours.push({
				ms,
				cpu,
				peak: peak - idle,
				videos: videosOf(result, OURS),
				...(await counted(testbed)),
			});
			await testbed.dropFiles();
			await testbed.prepare({ videoPaddingBytes: video }, { respondWhenEnded: true });
			const floor = await testbed.floor.watched.during(async () => await testbed.runFloor(media));
			const { cpu: floorCpu, peak: floorPeak } = floor;
			floors.push({
				...{ ms: floor.result.ms, cpu: floorCpu, peak: floorPeak - idleFloor, videos: 1 },
				...(await counted(testbed)),
			});
			await testbed.dropFiles();
			say(
				`${process}.${time}: node ${ms.toFixed(0)} ms, CPU ${cpu.toFixed(1)} s, ${toMB(peak - idle)} MB; floor ${floor.result.ms.toFixed(0)} ms, CPU ${floorCpu.toFixed(1)} s`,
			);
		}
		const peaks = ours.slice(-times).map(({ peak }) => toMB(peak));
		growth = Math.max(growth, peaks.at(-1)! - peaks[0]!);
	}
	rows.push(row(name, 'node', ours), row(name, 'floor', floors));
	if (what.recipe) rows.push(await runRecipe(testbed, what));
	await testbed.dropMedia(name);
	const peaks = ours.map(({ peak }) => toMB(peak));
	const ratios = ours.map(({ ms }, index) => ms / floors[index]!.ms);
	const ofProcesses = Array.from({ length: processes }, (_none, process) =>
		median(ratios.slice(process * times, (process + 1) * times)),
	);
	return {
		rows,
		targets: [
			target(name, 'memory over idle, highest of all runs', Math.max(...peaks), 100, ' MB'),
			target(name, 'memory of the last item over the first of its process', growth, 30, ' MB'),
			target(name, "node's time over the floor's, median of pairs", median(ratios), 1.15, ' ×'),
			told(name, `the slowest of ${processes} processes of n8n`, Math.max(...ofProcesses), ' ×'),
		],
		...(what.recipe && { groups: [memoryChart(rows), timeChart(rows)] }),
	};
}

function memoryChart(rows: readonly Row[]): Group {
	const bars = rows.map(({ contender, megabytes = 0 }) => {
		return { contender, value: megabytes, text: `${megabytes} MB` };
	});
	return { title: 'One big item: memory over idle', bars };
}

function timeChart(rows: readonly Row[]): Group {
	const floor = rows.find(({ contender }) => contender === 'floor')?.seconds ?? NaN;
	const bars = rows.map(({ contender, seconds = 0 }) => {
		// The recipe waits 5 s before it looks; the others need not, as the job takes no time.
		const value = (contender === 'recipe' ? seconds - 5 : seconds) / floor;
		return { contender, value, text: `${value.toFixed(2)} ×` };
	});
	return { title: 'One big item: time without waiting, over the bare script', bars };
}

interface Sample {
	readonly ms: number;
	/** Seconds of CPU, in our case with the reading of the sources into n8n. */
	readonly cpu: number;
	/** Bytes over the idle size of the fresh process. */
	readonly peak: number;
	readonly videos: number;
	readonly calls: Awaited<ReturnType<typeof counted>>['calls'];
	readonly billed: number;
}

function row(scenario: string, contender: Row['contender'], samples: readonly Sample[]): Row {
	const first = samples[0]!;
	return {
		...{ scenario, contender, what: `one item, median of ${samples.length}` },
		seconds: median(samples.map(({ ms }) => ms)) / 1000,
		megabytes: toMB(Math.max(...samples.map(({ peak }) => peak))),
		...{ calls: first.calls, billed: first.billed, videos: first.videos },
	};
}

async function runRecipe(testbed: BenchTestbed, { name, sizes, video }: Big): Promise<Row> {
	const media = await testbed.mediaFiles(name, sizes);
	// A fresh process, so that it inherits nothing of what our node has warmed up.
	await testbed.n8n.restart();
	await warmUp(testbed);
	await testbed.prepare({ videoPaddingBytes: video });
	const idle = (await testbed.watched.rest()).resident;
	const { result, peak } = await testbed.watched.during(
		async () => await testbed.execute(testbed.recipe(media)),
	);
	const seconds = nodeSeconds(result, ...RECIPE_NODES);
	const numbers = { seconds, megabytes: toMB(peak - idle), videos: videosOf(result, 'Download') };
	const what = 'one item, its Wait of 5 s included';
	await testbed.dropFiles();
	return { scenario: name, contender: 'recipe', what, ...numbers, ...(await counted(testbed)) };
}

/** Loads the code of all nodes, which is not what is measured. */
async function warmUp(testbed: BenchTestbed): Promise<void> {
	const media = await testbed.mediaFiles('small', SMALL);
	await testbed.prepare({}, { respondWhenEnded: true });
	for (let time = 0; time < 3; time++)
		await testbed.execute(ourWorkflow(media, testbed.credential));
	await testbed.execute(testbed.recipe(media));
}
