import { expect, it } from '@jest/globals';
import { createMistake, MISTAKES, titlePattern } from '../e2e/support/mistakes';
import { useTestbed } from '../testbed';
import { describeInBrowser, NODE } from './support/browser';

describeInBrowser('a mistake', () => {
	const testbed = useTestbed({ emulator: { jobSeconds: 0 }, editor: {} });
	const { editor } = testbed;

	it.each(MISTAKES.filter(({ inPanel }) => inPanel))(
		'$name: the panel shows it',
		async (mistake) => {
			await editor.openWorkflow(await createMistake(testbed, mistake));
			await editor.openNode(NODE);
			await editor.runStep();
			const { title, advice } = await editor.failure();
			expect(title).toMatch(titlePattern(mistake));
			expect(advice).toMatch(mistake.advice);
		},
	);
});
