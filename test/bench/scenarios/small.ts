import { SMALL } from '../support/media';
import type { MediaSet } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import type { Ran, Scenario } from '../support/measure';
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
		const added = (bare.node.seconds - bare.floor.seconds) * 1000;
		return {
			rows: [polled.node, polled.floor, bare.node, bare.floor, recipe.row],
			targets: [
				target("node's time over the floor's, same looks at the job", polled.ratio, 1.15, ' ×'),
				told('the same when nobody waits at all, on loopback', bare.ratio, ' ×'),
				told('what n8n and the node add to one small item', added, ' ms'),
			],
		};
	},
};

/** Medians of some pairs. */
async function pairs(testbed: BenchTestbed, media: MediaSet, count: number, bare: boolean) {
	const samples: Array<Awaited<ReturnType<typeof pair>>> = [];
	for (let time = 0; time < count; time++) samples.push(await pair(testbed, media, bare));
	const row: Ran = {
		...samples[0]!.row,
		what: bare ? 'one item, no waiting at all' : 'one item, with its look at the job',
		seconds: median(samples.map((sample) => sample.row.seconds)),
	};
	return {
		node: row,
		floor: {
			...row,
			contender: 'floor' as const,
			seconds: median(samples.map(({ floor }) => floor)),
		},
		ratio: median(samples.map((sample) => sample.row.seconds / sample.floor)),
	};
}

async function pair(testbed: BenchTestbed, media: MediaSet, bare: boolean) {
	const script = bare ? { respondWhenEnded: true } : undefined;
	await testbed.prepare({}, script);
	const { row } = await ran(testbed, 'node', media, '');
	const waitMs = bare ? 0 : await firstLook(testbed);
	await testbed.prepare({}, script);
	const floor = (await testbed.runFloor(media, waitMs)).ms / 1000;
	return { row, floor };
}

/** Milliseconds between the submission and the first look at the job. */
async function firstLook(testbed: BenchTestbed): Promise<number> {
	const { requests } = await testbed.remote.emulator.state('requests');
	const submit = requests.find(({ route }) => route === 'submit');
	const result = requests.find(({ route }) => route === 'result');
	return result!.time - (submit!.endTime ?? submit!.time);
}
