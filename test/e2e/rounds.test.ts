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

it('40 items are paid for and fetched once, with one production execution at a time', async () => {
	emulator.scriptJob({ seconds: 1, times: 'always' });
	const hook = await publishItems(testbed, 40, 10);
	expectOneVideoEach(await hook.sendJson({}, 'success'), 40);
	expect(emulator.requestsTo('download')).toHaveLength(40);
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
	await emulator.until(() => emulator.predictions().every(({ status }) => status === 'completed'));
	expectOneVideoEach(await retry(id), 14);
});
