import { copyFile } from 'node:fs/promises';
import { MB } from '../support/media';
import type { Row, Scenario } from '../support/measure';
import { counted, nodeSeconds, target, videosOf } from '../support/measure';
import { OURS, ourWorkflow, RECIPE_NODES } from '../support/workflows';

const NAME = 'once';
const ITEMS = 50;

/** One picture and fifty voices, the right voice being a copy of one of them. */
export const once: Scenario = {
	title: 'One picture, fifty voices: each file is uploaded once',
	async run(testbed) {
		const media = await testbed.mediaFiles(NAME, { items: ITEMS, voice: 2 * MB, picture: 2 * MB });
		await copyFile(media.lefts[7]!, media.right);
		await testbed.prepare({}, { respondWhenEnded: true });
		const ours = await testbed.execute(ourWorkflow(media, testbed.credential));
		const node: Row = {
			...{ scenario: NAME, contender: 'node', what: `${ITEMS} items, no waiting` },
			...{ seconds: nodeSeconds(ours, OURS), videos: videosOf(ours, OURS) },
			...(await counted(testbed)),
		};
		await testbed.prepare();
		const theirs = await testbed.execute(testbed.recipe(media));
		const recipe: Row = {
			...{ scenario: NAME, contender: 'recipe', what: `${ITEMS} items, its Wait included` },
			...{ seconds: nodeSeconds(theirs, ...RECIPE_NODES), videos: videosOf(theirs, 'Download') },
			...(await counted(testbed)),
		};
		await testbed.dropMedia(NAME);
		await testbed.dropFiles();
		const uploads = ({ contender, calls }: Row) => {
			const value = calls?.uploads ?? 0;
			return { contender, value, text: `${value}` };
		};
		return {
			rows: [node, recipe],
			targets: [
				target(NAME, 'uploads of 51 different files', node.calls?.uploads ?? NaN, ITEMS + 1),
			],
			groups: [{ title: 'One picture, fifty voices: uploads', bars: [node, recipe].map(uploads) }],
		};
	},
};
