/** Many items of one stored execution, whose jobs end close together: each is paid for and fetched once. */
import { expect, it } from '@jest/globals';
import { itemsOf, type Execution } from '../testbed';
import { publishItems } from './support/many-items';
import { NODE, useVideo } from './support/video-workflow';

const { testbed, client, emulator, retry, expectPaid } = useVideo({
	start: { env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } },
});

function expectOneVideoEach(ended: Execution, items: number): void {
	const out = itemsOf(ended, NODE);
	expect(out.map(({ pairedItem }) => pairedItem)).toEqual(out.map((_, item) => ({ item })));
	expect(new Set(out.map(({ json }) => json.id)).size).toBe(items);
	expectPaid({ submitted: items });
}

const completed = () =>
	emulator.predictions().filter(({ status }) => status === 'completed').length;

it('40 items are paid for and fetched once, with one production execution at a time', async () => {
	emulator.scriptJob({ seconds: 1, times: 'always' });
	const hook = await publishItems(testbed, 40, 10);
	expectOneVideoEach(await hook.sendJson({}, 'success'), 40);
	expect(emulator.requestsTo('download')).toHaveLength(40);
});

it('a job that does not end holds up no other item', async () => {
	emulator.scriptJob({ match: '"row 0"', seconds: 'never' });
	emulator.scriptJob({ seconds: 1, times: 'always' });
	const hook = await publishItems(testbed, 8, 2);
	const running = hook.sendJson({}, 'success');
	await emulator.until(() => completed() === 7, 200_000);
	await emulator.finishAll();
	expectOneVideoEach(await running, 8);
});

it('Stop while a later round submits, then Retry, pays for nothing twice', async () => {
	emulator.scriptJob({ seconds: 'never', times: 5 });
	emulator.scriptJob({ seconds: 1, times: 'always' });
	const hook = await publishItems(testbed, 14, 5);
	const { id } = await hook.sendJson({}, 'waiting');
	await emulator.finishAll();
	await emulator.until(() => emulator.predictions().length >= 7);
	await client.stopExecution(id);
	await client.waitFor(id, ['canceled']);
	expect(emulator.predictions().length).toBeLessThan(14);
	// Their calls go to the execution that was stopped.
	await emulator.until(() => completed() === emulator.predictions().length);
	expectOneVideoEach(await retry(id), 14);
});
