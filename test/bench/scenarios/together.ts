import { MB } from '../support/media';
import type { BenchTestbed } from '../support/testbed';
import type { Contender, Row, Scenario } from '../support/measure';
import { counted, nodeSeconds, target, videosOf } from '../support/measure';
import { OURS, ourWorkflow, RECIPE_NODES } from '../support/workflows';

const NAME = 'together';
const JOB_SECONDS = 20;

/** Many items whose jobs take 20 s each: they are worked on together. */
export const together: Scenario = {
	title: 'One, ten and fifty items with jobs of 20 s',
	async run(testbed, say) {
		const rows: Row[] = [];
		const add = async (contender: Contender, items: number) => {
			const row = await measure(testbed, contender, items);
			say(`${contender}, ${row.what}: ${row.seconds?.toFixed(1)} s`);
			rows.push(row);
			return row.seconds ?? NaN;
		};
		const before = await add('node', 1);
		const ten = await add('node', 10);
		const fifty = await add('node', 50);
		const one = (before + (await add('node', 1))) / 2;
		await add('recipe', 1);
		const recipe = await add('recipe', 10);
		const late = rows
			.filter(({ contender, what }) => contender === 'node' && what === '1 item')
			.map(({ seconds = NaN }) => seconds - JOB_SECONDS);
		const bar = (contender: Contender, value: number) => {
			return { contender, value, text: `${value.toFixed(2)} ×` };
		};
		return {
			rows,
			targets: [
				target(NAME, 'ten items over one item', ten / one, 1.3, ' ×'),
				target(NAME, 'fifty items over one item', fifty / one, 1.3, ' ×'),
				target(NAME, 'one item: seconds beside those of the job', Math.max(...late), 5, ' s'),
			],
			groups: [
				{
					title: 'Ten items, jobs of 20 s: time over that of one job',
					bars: [bar('node', ten / JOB_SECONDS), bar('recipe', recipe / JOB_SECONDS)],
				},
			],
		};
	},
};

async function measure(testbed: BenchTestbed, contender: Contender, items: number): Promise<Row> {
	const sizes = { items, voice: 0.2 * MB, picture: 0.2 * MB };
	const media = await testbed.mediaFiles(`${items}-items`, sizes);
	await testbed.prepare({ jobSeconds: JOB_SECONDS });
	const ours = contender === 'node';
	const execution = await testbed.execute(
		ours ? ourWorkflow(media, testbed.credential) : testbed.recipe(media),
	);
	return {
		...{ scenario: NAME, contender, what: `${items} ${items === 1 ? 'item' : 'items'}` },
		seconds: nodeSeconds(execution, ...(ours ? [OURS] : RECIPE_NODES)),
		videos: videosOf(execution, ours ? OURS : 'Download'),
		...(await counted(testbed)),
	};
}
