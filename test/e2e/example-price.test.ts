import { expect, it } from '@jest/globals';
import { fetch, FormData } from 'undici';
import { itemsOf } from '../testbed/n8n';
import { useTestbed } from '../testbed/jest/use-testbed';
import { loadExample, reached, sendForm } from './support/examples';

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });
const { client, emulator } = testbed;

/** Fills the form of the example, and the page that shows the price. */
async function answer(choice: 'Yes' | 'No'): Promise<{ page: string; execution: string }> {
	const example = await loadExample(testbed, 'price-approve-then-make');
	const { execution, formWaitingUrl } = await sendForm(testbed, example);
	await client.waitFor(execution, ['waiting']);
	const page = await (await fetch(formWaitingUrl)).text();
	const choices = new FormData();
	choices.append('field-0', choice);
	expect((await fetch(formWaitingUrl, { method: 'POST', body: choices })).status).toBe(200);
	return { page, execution };
}

it('price, approval, video: Yes makes the video for the price that the page has shown', async () => {
	const { page, execution } = await answer('Yes');
	const last = await reached(testbed, execution, 'Show the link');

	const [price] = itemsOf(last, 'Get the price');
	const cost = Number(price?.json.estimated_cost);
	expect(cost).toBeGreaterThan(0);
	expect(page).toContain(`This video costs $${cost}`);
	expect(page).toContain('Your account has $100 left');
	const [video] = itemsOf(last, 'Make the video');
	expect(video?.json).toMatchObject({ status: 'completed', estimated_cost: cost });
	expect(emulator.billing()).toMatchObject({ submitted: 1, spent: cost });
});

it('price, approval, video: No makes none, and nothing is paid', async () => {
	const { execution } = await answer('No');
	const last = await reached(testbed, execution, 'Say goodbye');

	expect(last.data.resultData.runData['Make the video']).toBeUndefined();
	expect(emulator.billing()).toMatchObject({ submitted: 0, spent: 0 });
});
