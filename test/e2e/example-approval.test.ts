import { expect, it } from '@jest/globals';
import { fetch, FormData } from 'undici';
import { itemsOf, type Execution } from '../testbed/n8n';
import { loadExample, nextPage, reached, sendForm } from './support/examples';
import { useTestbed } from '../testbed/jest/use-testbed';

const FAST = 'wavespeed-ai/infinitetalk-fast/multi';
const STANDARD = 'wavespeed-ai/infinitetalk/multi';

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });
const { emulator } = testbed;

/** Runs the example, with this answer to the question for the final. */
async function answer(choice: string): Promise<{ page: string; ended: Execution }> {
	const example = await loadExample(testbed, 'draft-approve-final');
	const { execution, formWaitingUrl } = await sendForm(testbed, example);
	const page = await nextPage(formWaitingUrl);
	const decision = new FormData();
	decision.append('field-1', choice);
	expect((await fetch(formWaitingUrl, { method: 'POST', body: decision })).status).toBe(200);
	const last = choice === 'None' ? 'Show the end' : 'Show the link';
	return { page, ended: await reached(testbed, execution, last) };
}

it('draft, approval, final: the page shows the draft, and its answer chooses the model', async () => {
	const { page, ended } = await answer('720p');
	const [draft, final, ...others] = emulator.predictions();
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
	expect(emulator.predictions().map(({ model }) => model)).toEqual([FAST]);
});
