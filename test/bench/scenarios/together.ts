import { SMALL } from '../support/media';
import type { Contender, Ran, Scenario } from '../support/measure';
import { ran, target } from '../support/measure';

const JOB_SECONDS = 20;

/** Many items whose jobs take 20 s each: they are worked on together. */
export const together: Scenario = {
	title: 'One, ten and fifty items with jobs of 20 s',
	async run(testbed, say) {
		const rows: Ran[] = [];
		const add = async (contender: 'node' | 'recipe', items: number) => {
			const media = await testbed.mediaFiles(`${items}-items`, { ...SMALL, items });
			await testbed.prepare({ jobSeconds: JOB_SECONDS });
			const what = `${items} ${items === 1 ? 'item' : 'items'}`;
			const { row } = await ran(testbed, contender, media, what);
			say(`${contender}, ${what}: ${row.seconds.toFixed(1)} s`);
			rows.push(row);
			return row;
		};
		const before = (await add('node', 1)).seconds;
		const ten = (await add('node', 10)).seconds;
		const fifty = await add('node', 50);
		const after = (await add('node', 1)).seconds;
		const one = (before + after) / 2;
		await add('recipe', 1);
		const recipe = (await add('recipe', 10)).seconds;
		const late = Math.max(before, after) - JOB_SECONDS;
		const bar = (contender: Contender, value: number) => {
			return { contender, value, text: `${value.toFixed(2)} ×` };
		};
		return {
			rows,
			targets: [
				target('ten items over one item', ten / one, 1.3, ' ×'),
				target('fifty items over one item', fifty.seconds / one, 1.3, ' ×'),
				target('one item: seconds beside those of the job', late, 5, ' s'),
				// One picture and one right voice for all.
				target('fifty items: uploads of 52 different files', fifty.calls.uploads, 52),
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
