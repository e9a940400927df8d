import { SMALL } from '../support/media';
import type { MediaSet } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import type { Finding, Row, Scenario } from '../support/measure';
import { median, ran, target, told } from '../support/measure';

const POLLED_PAIRS = 5;
const BARE_PAIRS = 25;

/**
 * What n8n and our node add to the requests of one small item. A job of 0 s is `created` in the
 * answer to the submission, so that both have to look again: the floor waits as long as our node
 * did. The second measurement lets the submission answer with the ended job: nobody waits at all.
 */
export const small: Scenario = {
	title: 'One small item, job of 0 s',
	async run(testbed, say) {
		const media = await testbed.mediaFiles('small', SMALL);
		await testbed.prepare();
		for (let time = 0; time < 5; time++) await pair(testbed, media, true);
		const polled = await pairs(testbed, media, POLLED_PAIRS, false);
		say(`with one look at the job: ${polled.ratio.toFixed(3)} × the floor`);
		const bare = await pairs(testbed, media, BARE_PAIRS, true);
		say(`without any waiting: ${bare.ratio.toFixed(2)} × the floor`);
		await testbed.prepare();
		const recipe = await ran(testbed, 'recipe', media, 'one item, its Wait of 5 s included');
		const rows: Row[] = [
			...polled.rows('one item, with its look at the job'),
			...bare.rows('one item, no waiting at all'),
			recipe.row,
		];
		return { rows, targets: targets(polled, bare) };
	},
};

interface Pairs {
	readonly ratio: number;
	readonly node: number;
	readonly floor: number;
	rows(what: string): Row[];
}

function targets(polled: Pairs, bare: Pairs): Finding['targets'] {
	const added = (bare.node - bare.floor) * 1000;
	return [
		target("node's time over the floor's, same looks at the job", polled.ratio, 1.15, ' ×'),
		told('the same when nobody waits at all, on loopback', bare.ratio, ' ×'),
		told('what n8n and the node add to one small item', added, ' ms'),
	];
}

async function pairs(
	testbed: BenchTestbed,
	media: MediaSet,
	count: number,
	bare: boolean,
): Promise<Pairs> {
	const samples: Array<{ node: number; floor: number }> = [];
	let last: Awaited<ReturnType<typeof pair>> | undefined;
	for (let time = 0; time < count; time++) samples.push((last = await pair(testbed, media, bare)));
	const node = median(samples.map((sample) => sample.node));
	const floor = median(samples.map((sample) => sample.floor));
	const common = { billed: 1, videos: 1, calls: last!.calls };
	return {
		...{ node, floor },
		ratio: median(samples.map((sample) => sample.node / sample.floor)),
		rows: (what) => [
			{ ...common, contender: 'node', what, seconds: node },
			{ ...common, contender: 'floor', what, seconds: floor },
		],
	};
}

async function pair(testbed: BenchTestbed, media: MediaSet, bare: boolean) {
	const script = bare ? { respondWhenEnded: true } : undefined;
	await testbed.prepare({}, script);
	const { row } = await ran(testbed, 'node', media, '');
	const waitMs = bare ? 0 : await firstLook(testbed);
	await testbed.prepare({}, script);
	const floor = (await testbed.runFloor(media, waitMs)).ms / 1000;
	return { node: row.seconds, floor, calls: row.calls };
}

/** Milliseconds between the submission and the first look at the job. */
async function firstLook(testbed: BenchTestbed): Promise<number> {
	const { requests } = await testbed.remote.emulator.state('requests');
	const submit = requests.find(({ route }) => route === 'submit');
	const result = requests.find(({ route }) => route === 'result');
	return result!.time - (submit!.endTime ?? submit!.time);
}
