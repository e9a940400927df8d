import { expect, it } from '@jest/globals';
import { expectUploaded } from '../e2e/support/uploads';
import { chain, CREDENTIAL_TYPE, manualTrigger, useTestbed, workflow } from '../testbed';
import { describeInBrowser } from './support/browser';

const ACTION = 'Submit and wait for a video';

describeInBrowser('a first video, without a manual', () => {
	const testbed = useTestbed(
		{ emulator: { render: 'video', jobSeconds: 1 }, editor: {} },
		{ reset: false },
	);
	const { client, emulator, editor } = testbed;

	it('finds the node by what it does, tests the credential, finds the files, and plays the video', async () => {
		const nodes = chain(manualTrigger(), ...testbed.mediaNodes());
		const { id } = await client.createWorkflow(workflow('First video', ...nodes));
		await editor.openWorkflow(id);
		await editor.addNode('talking video', ACTION);

		const dialogue = await editor.newCredential();
		await editor.fillCredential('apiKey', 'wsk_wrong');
		await editor.fillCredential('baseUrl', emulator.baseUrl);
		await editor.saveCredential();
		await dialogue.getByText(/connect with these settings/).waitFor();
		await editor.fillCredential('apiKey', emulator.settings.apiKey);
		await editor.saveCredential();
		await dialogue.waitFor({ state: 'detached' });
		const stored = (await client.credentials()).filter(({ type }) => type === CREDENTIAL_TYPE);
		expect(stored.map(({ name }) => name)).toContain('WaveSpeed account');

		await editor.runStep();
		const video = await editor.playVideo();
		await expect(video.evaluate(playable)).resolves.toEqual({ plays: true });
		await editor.part('ndv-close-button').waitFor();
		const [job] = emulator.predictions();
		expect(job?.inputs.order).toBe('left_right');
		expectUploaded(emulator, 'tone');
	});

	it('says in the browser console how the job stands, and under the result what to know', async () => {
		const [job] = emulator.predictions();
		const said = editor.console.filter((line) => line.includes('WaveSpeed InfiniteTalk'));
		expect(said.join('\n')).toContain(`item 1: job ${job!.id} submitted (0 of 1 jobs ended)`);
		await editor.page.getByText('Back to list').click();
		await editor.part('output-panel').getByText('links expire 7 days after').first().waitFor();
		await editor.part('output-panel').getByText('Files found automatically').waitFor();
	});

	it('shows the operation and the order on the canvas', async () => {
		await editor.page.keyboard.press('Escape');
		const node = editor.node(ACTION);
		await node.getByText('Submit and Wait: Left First').waitFor();
	});

	it('shows the operation alone when the order is known only later', async () => {
		const ours = testbed.videoNode(ACTION, { order: '={{ $json.order }}' });
		const wires = chain(manualTrigger(), ours);
		const { id } = await client.createWorkflow(workflow('Order by expression', ...wires));
		await editor.openWorkflow(id);
		await editor.node(ACTION).getByText('Submit and Wait', { exact: true }).waitFor();
	});
});

/** Runs in the browser: waits until the video has pictures to show. */
async function playable(element: Element): Promise<{ plays: boolean; why?: string }> {
	const video = element as Element & {
		readyState: number;
		videoWidth: number;
		error: { message: string } | null;
		play(): Promise<void>;
	};
	try {
		await video.play();
	} catch (error) {
		return { plays: false, why: String(error) };
	}
	return video.videoWidth > 0 ? { plays: true } : { plays: false, why: video.error?.message ?? '' };
}
