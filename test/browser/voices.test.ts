import { expect, it } from '@jest/globals';
import { FROM_NODES, media, useTestbed, type Parameters } from '../testbed';
import { describeInBrowser, openNode, runNode } from './support/browser';

describeInBrowser('the voices and what makes the video', () => {
	const testbed = useTestbed({ emulator: { jobSeconds: 0 }, editor: { height: 1300 } });
	const { emulator, editor } = testbed;

	async function open(given: Parameters = {}): Promise<void> {
		await openNode(testbed, { ...FROM_NODES, ...given });
	}

	/** Runs the step, and gives what the job got. */
	async function submitted() {
		await editor.runEarlierNodes();
		await runNode(testbed);
		const [job] = emulator.predictions();
		const voice = emulator.uploads().find((file) => file.downloadUrl === job!.inputs.right_audio);
		return { job: job!, voice };
	}

	it('Silence is a mode of both voices, and not of the picture', async () => {
		await open();
		for (const [field, modes] of [
			['image', ['File', 'By URL']],
			['leftAudio', ['File', 'By URL', 'Silence']],
			['rightAudio', ['File', 'By URL', 'Silence']],
		] as const) {
			const shown = editor.page.getByRole('option').filter({ visible: true });
			await editor.part('rlc-mode-selector', editor.field(field)).click();
			await shown.nth(modes.length - 1).waitFor();
			expect(await shown.allInnerTexts()).toEqual(modes);
			await editor.page.keyboard.press('Escape');
			await shown.first().waitFor({ state: 'hidden' });
		}
	});

	it('Silence works with the expression of another mode in its box', async () => {
		await open();
		await editor.chooseMode('rightAudio', 'silence');
		const { voice } = await submitted();
		expect(voice).toMatchObject({ fileName: 'silence.wav' });
	});

	it('Silence works with an empty box, and says so', async () => {
		await open({ rightAudio: media('binary', 'right_audio') });
		await editor.giveMedia('rightAudio', 'silence', '');
		await editor.page.getByText('This person only listens').waitFor();
		const { voice } = await submitted();
		expect(voice).toMatchObject({ fileName: 'silence.wav' });
	});

	it('the option Model is added and chosen, and the shorter voice is padded', async () => {
		await open();
		await editor.addOption('Model');
		await editor.choose('model', 'InfiniteTalk 720p');
		const { job } = await submitted();
		expect(job).toMatchObject({
			model: 'wavespeed-ai/infinitetalk/multi',
			inputs: { resolution: '720p' },
		});
		const seconds = emulator.uploads().flatMap((file) => file.seconds ?? []);
		expect(seconds).toHaveLength(2);
		expect(seconds[0]).toBeCloseTo(seconds[1]!, 3);
	});
});
