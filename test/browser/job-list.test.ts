import { beforeEach, expect, it } from '@jest/globals';
import { useTestbed } from '../testbed';
import { describeInBrowser, openNode, runNode } from './support/browser';

const FIELD = 'predictionId';
const TIME = String.raw`(just now|\d+ (min|h) ago)`;

describeInBrowser('the list of jobs', () => {
	const testbed = useTestbed({ emulator: { jobSeconds: 0 }, editor: { height: 1300 } });
	const { emulator, editor } = testbed;
	let seaside: string;

	beforeEach(async () => {
		seaside = await emulator.addJob({ inputs: { prompt: 'At the seaside' }, ageSeconds: 7200 });
		await emulator.addJob({ inputs: { prompt: 'In the kitchen' }, ageSeconds: 3600 });
		await emulator.addJob({ inputs: { prompt: 'On the moon' }, status: 'processing' });
	});

	async function openList(): Promise<void> {
		await editor.chooseMode(FIELD, 'list');
		await editor.part('rlc-input', editor.field(FIELD)).click();
	}

	it('is reached from the first state of the field, shows and finds jobs, and gives the video', async () => {
		await openNode(testbed, { operation: 'getResult' });
		const notice = editor
			.part('node-parameters')
			.first()
			.getByText('point to Job ID and click Fixed');
		await notice.waitFor();
		await editor.setFixed(FIELD);
		await notice.waitFor({ state: 'detached' });
		await openList();
		const shown = editor.part('rlc-item').filter({ visible: true });
		await shown.nth(2).waitFor();
		expect(await shown.allInnerTexts()).toEqual([
			expect.stringMatching(`^${TIME} · processing · On the moon$`),
			expect.stringMatching(`^${TIME} · completed · In the kitchen$`),
			expect.stringMatching(`^${TIME} · completed · At the seaside$`),
		]);

		await editor.part('rlc-search').fill('seaside completed');
		await shown.nth(1).waitFor({ state: 'detached' });
		await shown.getByText('At the seaside').click();
		await runNode(testbed);
		const panel = editor.part('output-panel');
		await editor.part('radio-button-json', panel).click();
		await panel.getByText(seaside).first().waitFor();
		await editor.playVideo();
	});

	it('names the way out where the key may not list jobs', async () => {
		const list = { operation: 'getResult', [FIELD]: { __rl: true, mode: 'list', value: '' } };
		emulator.setOptions({ keys: { [emulator.settings.apiKey]: { denied: ['history'] } } });
		await openNode(testbed, list);
		await openList();
		const trouble = editor.part('rlc-error-container');
		await trouble.getByText('this API key has no right to history').waitFor();
		await trouble.getByText('Add it at wavespeed.ai/accesskey').waitFor();
		await trouble.getByText('Check your credential').click();
		await editor.part('editCredential-modal').waitFor();
	});
});
