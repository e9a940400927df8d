/** Many items of one stored execution, whose jobs end close together: each is paid for and fetched once. */
import { describe, expect, it } from '@jest/globals';
import { itemsOf, type Execution } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { useTestbed } from '../testbed/jest/use-testbed';
import { publishItems } from './support/many-items';
import { NODE } from './support/video-workflow';

const testbed = useTestbed({ start: { env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } } });
const { client, emulator } = testbed;

function expectOneVideoEach(ended: Execution, items: number): void {
	const out = itemsOf(ended, NODE);
	expect(out.map(({ pairedItem }) => pairedItem)).toEqual(out.map((_, item) => ({ item })));
	expect(new Set(out.map(({ json }) => json.id)).size).toBe(items);
	expect(emulator.billing()).toMatchObject({ submitted: items, billed: items });
}

describe('n8n with one production execution at a time', () => {
	it('pays for each of 40 items once, and fetches each video once', async () => {
		emulator.scriptJob({ seconds: 1, times: 'always' });
		const hook = await publishItems(testbed, 40, 10);
		expectOneVideoEach(await hook.sendJson({}, 'success'), 40);
		expect(emulator.requestsTo('download')).toHaveLength(40);
	});
});

it('a job that does not end holds up no other item', async () => {
	emulator.scriptJob({ match: '"row 0"', seconds: 'never' });
	emulator.scriptJob({ seconds: 1, times: 'always' });
	const hook = await publishItems(testbed, 8, 2);
	const began = Date.now();
	const running = hook.sendJson({}, 'success');
	const ended = () => emulator.predictions().filter(({ status }) => status === 'completed');
	await until(() => ended().length === 7, { what: 'seven videos' });
	expect(Date.now() - began).toBeLessThan(60_000);
	await emulator.finishAll();
	expectOneVideoEach(await running, 8);
});

it('Stop while a later round submits, then Retry, pays for nothing twice', async () => {
	emulator.scriptJob({ seconds: 'never', times: 5 });
	emulator.scriptJob({ seconds: 1, times: 'always' });
	const hook = await publishItems(testbed, 14, 5);
	await hook.sendJson({}, 'waiting');
	const [execution] = await client.executions({ workflowId: hook.workflowId });
	await emulator.finishAll();
	await emulator.until(() => emulator.predictions().length >= 7);
	await client.stopExecution(execution!.id);
	await client.waitFor(execution!.id, ['canceled']);
	const paid = emulator.predictions().length;
	expect(paid).toBeLessThan(14);
	// Their calls go to the execution that was stopped.
	await until(() => emulator.predictions().every(({ status }) => status === 'completed'), {
		what: 'the end of all jobs',
	});
	const retry = await client.retryExecution(execution!.id, 'original');
	expectOneVideoEach(await client.waitFor(retry, ['success']), 14);
});
