import { randomUUID } from 'node:crypto';
import { expect, it, jest } from '@jest/globals';
import { fetch, FormData } from 'undici';
import { fixture } from '../testbed/fixtures';
import { shared } from '../testbed/jest/shared';
import { until } from '../testbed/lib/until';
import { itemsOf, type Execution } from '../testbed/n8n';
import { loadExample, replace } from './support/examples';
import { useTestbed } from '../testbed/jest/use-testbed';

// A real n8n on a busy machine takes its time.
jest.setTimeout(90_000);

const FAST = 'wavespeed-ai/infinitetalk-fast/multi';
const STANDARD = 'wavespeed-ai/infinitetalk/multi';

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });

/** Sends the form with its three files. @returns the address of the pages that follow */
async function sendForm(address: string): Promise<string> {
	await until(async () => (await fetch(address)).status === 200, { what: address });
	const form = new FormData();
	for (const [index, file] of ['pair.png', 'left-voice.wav', 'right-voice.wav'].entries()) {
		const { name, type, content } = fixture(file);
		form.append(`field-${index}`, new Blob([Uint8Array.from(content)], { type }), name);
	}
	const sent = await fetch(address, { method: 'POST', body: form });
	return ((await sent.json()) as { formWaitingUrl: string }).formWaitingUrl;
}

/** Asks how the execution stands, as the page in the browser does, until the next page is there. */
async function nextPage(waitingUrl: string): Promise<string> {
	const status = new URL(waitingUrl);
	status.pathname += '/n8n-execution-status';
	const isThere = async () => (await (await fetch(status)).text()) === 'form-waiting';
	await until(isThere, { what: 'the page that asks for approval' });
	return await (await fetch(waitingUrl)).text();
}

/** Runs the example, with this answer to the question for the final. */
async function answer(choice: string): Promise<{ page: string; ended: Execution }> {
	const { client } = testbed;
	const webhookId = randomUUID();
	const example = await loadExample(testbed, 'draft-approve-final');
	const flow = replace(example, 'Form', (form) => ({ ...form, webhookId }));
	const { id: workflowId } = await client.createWorkflow(flow);
	await client.activate(workflowId);
	const waitingUrl = await sendForm(`${shared().url}/form/${webhookId}`);
	const page = await nextPage(waitingUrl);
	const decision = new FormData();
	decision.append('field-1', choice);
	expect((await fetch(waitingUrl, { method: 'POST', body: decision })).status).toBe(200);
	const { id } = await client.nextExecution(workflowId);
	const last = choice === 'None' ? 'Show the end' : 'Show the link';
	await until(async () => itemsOf(await client.execution(id), last).length === 1, { what: last });
	await client.deactivate(workflowId);
	return { page, ended: await client.execution(id) };
}

it('draft, approval, final: the page shows the draft, and its answer chooses the model', async () => {
	const { page, ended } = await answer('720p');
	const [draft, final, ...others] = testbed.emulator.predictions();
	expect(others).toEqual([]);
	expect(page).toContain('Is the draft good?');
	expect(page).toContain(draft!.videoUrl);
	expect(draft).toMatchObject({ model: FAST, inputs: { order: 'left_right' } });
	expect(final).toMatchObject({ model: STANDARD, inputs: { resolution: '720p' } });
	const [output] = itemsOf(ended, 'Make the final');
	expect(output?.json.id).toBe(final?.id);
	expect(output?.binary?.data).toBeDefined();
});

it('draft, approval, final: without approval only the draft is paid for', async () => {
	await answer('None');
	expect(testbed.emulator.predictions().map(({ model }) => model)).toEqual([FAST]);
});
