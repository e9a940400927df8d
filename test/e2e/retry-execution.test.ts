import { describe, expect, it } from '@jest/globals';
import { itemsOf } from '../testbed/n8n';
import { chain, manualTrigger, workflow } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES } from '../testbed/video-node';
import {
	changeNode,
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	READY,
	retryOnFail,
	createVideoWorkflow,
} from './support/video-workflow';

const testbed = useTestbed();
const { client, emulator } = testbed;

describe('Retry execution', () => {
	it.each(['original', 'current'] as const)(
		'collects the paid job after a timeout (%s workflow)',
		async (which) => {
			emulator.scriptJob({ seconds: 'never' });
			const parameters = { options: { ...KEEP_RUNNING, timeoutMinutes: 0.01 } };
			const flow = await createVideoWorkflow(testbed, { parameters });
			const failed = await testbed.run(flow.id, 'error');
			await emulator.finishAll();
			if (which === 'current') {
				await changeNode(testbed, flow.id, {
					outputField: 'film',
					options: { seed: -1, timeoutMinutes: 5 },
				});
			}
			const retry = await client.retryExecution(failed.id, which);
			const ended = await client.waitFor(retry, ['success']);
			const [item] = itemsOf(ended, NODE);
			expect(item?.json.id).toBe(jobIds(emulator)[0]);
			expect(Object.keys(item?.binary ?? {})).toEqual([which === 'current' ? 'film' : 'data']);
			expectPaid(emulator, { submitted: 1 });
		},
	);
});

describe('a success', () => {
	it.each([true, false])(
		'is not run again, and has no key "error" (simplify: %s)',
		async (simplify) => {
			emulator.scriptJob({ seconds: 'never' });
			emulator.scriptJob({ ...READY, times: 'always' });
			const more = { simplify };
			const options = retryOnFail(5);
			const submit = testbed.videoNode(
				'Submit',
				{ operation: 'submit', ...FROM_NODES, ...more },
				options,
			);
			const read = testbed.videoNode('Read', { operation: 'getResult', ...more }, options);
			const wait = testbed.videoNode(NODE, { ...FROM_NODES, prompt: 'other', ...more }, options);
			const again = testbed.videoNode('Read again', { operation: 'getResult', ...more }, options);
			const wires = chain(manualTrigger(), ...testbed.mediaNodes(), submit, read, wait, again);
			const flow = await client.createWorkflow(workflow('All operations', ...wires));
			const ended = await testbed.run(flow.id, 'success');
			for (const name of ['Submit', 'Read', NODE, 'Read again']) {
				const [item] = itemsOf(ended, name);
				expect(item?.json.id).toBeDefined();
				expect(item?.json).not.toHaveProperty('error');
				expect(item?.json).toHaveProperty(simplify ? 'video_url' : 'urls');
			}
			expect(itemsOf(ended, 'Read')[0]?.json.status).not.toBe('completed');
			expect(emulator.requestsTo('result')).toHaveLength(2);
			expect(emulator.requestsTo('download')).toHaveLength(2);
			expectPaid(emulator, { submitted: 2, uploaded: 6 });
		},
	);
});
