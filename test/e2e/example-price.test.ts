import { afterEach, expect, it, jest } from '@jest/globals';
import { fetch, FormData, request } from 'undici';
import { shared } from '../testbed/jest/shared';
import { until } from '../testbed/lib/until';
import { itemsOf, type Execution } from '../testbed/n8n';
import { fixture } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';
import { loadExample, nodeOf } from './support/examples';

// A real n8n on a busy machine takes its time.
jest.setTimeout(90_000);

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });

let workflowId = '';

afterEach(async () => await testbed.client.deactivate(workflowId));

/** Fills the form of the example, and the page that shows the price. */
async function answer(choice: 'Yes' | 'No'): Promise<{ page: string; execution: string }> {
	const { client } = testbed;
	const flow = await loadExample(testbed, 'price-approve-then-make');
	const { id, nodes } = await client.createWorkflow(flow);
	workflowId = id;
	await client.activate(id);
	const address = `${shared().url}/form/${nodeOf({ ...flow, nodes }, 'Form').webhookId}`;
	await until(async () => (await request(address)).statusCode === 200, { what: address });
	const files = new FormData();
	for (const [index, name] of ['pair.png', 'left-voice.wav', 'right-voice.wav'].entries()) {
		const { type, content } = fixture(name);
		files.append(`field-${index}`, new Blob([Uint8Array.from(content)], { type }), name);
	}
	const sent = (await (await fetch(address, { method: 'POST', body: files })).json()) as {
		formWaitingUrl: string;
	};
	const execution = (await client.nextExecution(id)).id;
	await client.waitFor(execution, ['waiting']);
	const page = await (await fetch(sent.formWaitingUrl)).text();
	const choices = new FormData();
	choices.append('field-0', choice);
	expect((await fetch(sent.formWaitingUrl, { method: 'POST', body: choices })).status).toBe(200);
	return { page, execution };
}

/** The execution when this node has run. */
async function reached(execution: string, name: string): Promise<Execution> {
	return await until(
		async () => {
			const last = await testbed.client.execution(execution);
			return last.data.resultData.runData[name] ? last : undefined;
		},
		{ what: `the node "${name}"` },
	);
}

it('price, approval, video: Yes makes the video for the price that the page has shown', async () => {
	const { page, execution } = await answer('Yes');
	const last = await reached(execution, 'Show the link');

	const [price] = itemsOf(last, 'Get the price');
	const cost = Number(price?.json.estimated_cost);
	expect(cost).toBeGreaterThan(0);
	expect(page).toContain(`This video costs $${cost}`);
	expect(page).toContain('Your account has $100 left');
	const [video] = itemsOf(last, 'Make the video');
	expect(video?.json).toMatchObject({ status: 'completed', estimated_cost: cost });
	expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, spent: cost });
});

it('price, approval, video: No makes none, and nothing is paid', async () => {
	const { execution } = await answer('No');
	const last = await reached(execution, 'Say goodbye');

	expect(last.data.resultData.runData['Make the video']).toBeUndefined();
	expect(testbed.emulator.billing()).toMatchObject({ submitted: 0, spent: 0 });
});
