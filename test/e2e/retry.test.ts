import { describe, expect, it, jest } from '@jest/globals';
import { errorOf, itemsOf, runsOf, type INodeExecutionData } from '../testbed/n8n';
import { chain, items, manualTrigger, node, noOp, workflow } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES } from '../testbed/video-node';
import {
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	READY,
	retryOnFail,
	createVideoWorkflow,
} from './support/video-workflow';

jest.setTimeout(120_000);

const testbed = useTestbed();

/** Answers that end a try: the node waits out a 502, but not a refused key. */
const BAD_GATEWAY = { respond: { status: 502, body: '<html>Bad gateway</html>' } };
const WRONG_KEY = { respond: { status: 401, body: { code: 401, message: 'Invalid API key' } } };
const GONE = { respond: { status: 404, body: '' } };
const THREE = ['one', 'two', 'three'];

describe('Retry On Fail', () => {
	it('carries on with the same job after polls that fail', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ seconds: 'never' });
		emulator.faults.add({ on: 'result', times: 2, do: BAD_GATEWAY });
		emulator.faults.add({ on: 'result', do: WRONG_KEY });
		const parameters = { options: KEEP_RUNNING };
		const flow = await createVideoWorkflow(testbed, { parameters, node: retryOnFail(2) });
		const id = await testbed.client.run(flow.id, 'Start');
		await emulator.until(() => emulator.requestsTo('result').length === 3, 40_000);
		await emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['success']);
		expect(itemsOf(ended, NODE)[0]?.json.id).toBe(jobIds(emulator)[0]);
		expectPaid(emulator, { submitted: 1 });
	});

	it('fetches the same video again after a download that failed for two whole tries', async () => {
		testbed.emulator.scriptJob(READY);
		testbed.emulator.faults.add({ on: 'download', times: 2, do: GONE });
		const flow = await createVideoWorkflow(testbed, { node: retryOnFail(3) });
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, NODE)[0]?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(testbed.emulator.requestsTo('download')).toHaveLength(3);
		expectPaid(testbed.emulator, { submitted: 1 });
	});

	it('waits for the same job in all five tries that time out', async () => {
		testbed.emulator.scriptJob({ seconds: 'never', times: 'always' });
		const parameters = { options: { ...KEEP_RUNNING, timeoutMinutes: 0.01 } };
		const flow = await createVideoWorkflow(testbed, { parameters, node: retryOnFail(5) });
		const ended = await testbed.run(flow.id, 'error');
		const [job] = jobIds(testbed.emulator);
		expect(errorOf(ended)?.message).toContain(`not ended within 0 minutes (job ${job})`);
		// One look at the end of each try, and one at the beginning of those that resume.
		expect(testbed.emulator.requestsTo('result').length).toBeGreaterThanOrEqual(5);
		expectPaid(testbed.emulator, { submitted: 1 });
	});

	it('pays nothing when something in n8n would fail after the job', async () => {
		// The name of the output field is needed only when there is a video.
		const parameters = { outputField: "={{ $('After').first().json.field }}" };
		const flow = await createVideoWorkflow(testbed, { parameters, node: retryOnFail(5) });
		const ended = await testbed.run(flow.id, 'error');
		expect(errorOf(ended)?.message).toContain('After');
		expectPaid(testbed.emulator, { submitted: 0, uploaded: 0 });
	});

	it('submits anew only the job that WaveSpeed reported as failed, without new uploads', async () => {
		const { emulator } = testbed;
		const end = { status: 'failed', code: 5000, error: 'Out of luck' };
		emulator.scriptJob({ ...READY, match: 'two', end });
		emulator.scriptJob({ ...READY, times: 'always' });
		const flow = await createVideoWorkflow(testbed, { prompts: THREE, node: retryOnFail(2) });
		const ended = await testbed.run(flow.id, 'success');
		const byPrompt = new Map(emulator.predictions().map((job) => [job.inputs.prompt, job.id]));
		expect(itemsOf(ended, NODE).map(({ json }) => json.id)).toEqual(
			THREE.map((prompt) => byPrompt.get(prompt)),
		);
		const twos = emulator.predictions().filter(({ inputs }) => inputs.prompt === 'two');
		expect(twos.map(({ status }) => status)).toEqual(['failed', 'completed']);
		expectPaid(emulator, { submitted: 4, refunded: 1 });
	});

	it.each([
		['stopWorkflow', 'one'],
		['stopWorkflow', 'two'],
		['continueRegularOutput', 'one'],
		['continueErrorOutput', 'one'],
	] as const)(
		'pays once for each of several items (%s, item %s fails)',
		async (onError, prompt) => {
			const { emulator } = testbed;
			emulator.scriptJob({ ...READY, times: 'always' });
			failDownloadOf(prompt);
			const options = { ...retryOnFail(3), onError };
			const flow = await createVideoWorkflow(testbed, { prompts: THREE, node: options });
			const ended = await testbed.run(flow.id, 'success');
			expect(idsOf(itemsOf(ended, NODE))).toEqual(jobIds(emulator).sort());
			// n8n ran the node again, which cost no second job.
			expect(emulator.requestsTo('download').length).toBeGreaterThan(3);
			expectPaid(emulator, { submitted: 3 });
		},
	);

	it('is not used by n8n for an item other than the first; its video is not lost', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ ...READY, times: 'always' });
		failDownloadOf('two');
		const options = { ...retryOnFail(3), onError: 'continueRegularOutput' as const };
		const flow = await createVideoWorkflow(testbed, { prompts: THREE, node: options });
		const ended = await testbed.run(flow.id, 'success');
		const job = emulator.predictions().find(({ inputs }) => inputs.prompt === 'two');
		expect(itemsOf(ended, NODE)[1]?.json.error).toMatchObject({
			step: 'download',
			id: job?.id,
			video_url: job?.videoUrl,
		});
		expectPaid(emulator, { submitted: 3 });
	});

	it('reruns for a first item that can never work, and pays once for each of the others', async () => {
		testbed.emulator.scriptJob({ ...READY, times: 'always' });
		const image = "={{ $json.row === 0 ? 'nothing' : $('Picture').first().binary.data }}";
		const flow = await createVideoWorkflow(testbed, {
			prompts: THREE,
			parameters: { image: { __rl: true, mode: 'binary', value: image } },
			node: { ...retryOnFail(3), onError: 'continueErrorOutput' },
		});
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, 'Failed').map(({ json }) => json.row)).toEqual([0]);
		expect(
			itemsOf(ended, 'After')
				.map(({ json }) => json.id)
				.sort(),
		).toEqual(jobIds(testbed.emulator).sort());
		expectPaid(testbed.emulator, { submitted: 2 });
	});

	it('tells the rounds of a loop apart, though their inputs are equal', async () => {
		testbed.emulator.scriptJob({ ...READY, times: 'always' });
		// The second round has one failed try.
		testbed.emulator.faults.add({ on: 'download', skip: 1, do: GONE });
		const ended = await testbed.run((await loop(retryOnFail(2))).id, 'success');
		expect(runsOf(ended, NODE)).toBe(3);
		const ids = [0, 1, 2].map((run) => itemsOf(ended, NODE, 0, run)[0]?.json.id);
		expect(ids).toEqual(jobIds(testbed.emulator));
		expectPaid(testbed.emulator, { submitted: 3 });
	});

	it('resumes the round of a loop that failed when the execution is retried', async () => {
		testbed.emulator.scriptJob({ ...READY, times: 'always' });
		testbed.emulator.faults.add({ on: 'download', skip: 1, do: GONE });
		const failed = await testbed.run((await loop()).id, 'error');
		const retry = await testbed.client.retryExecution(failed.id, 'original');
		const ended = await testbed.client.waitFor(retry, ['success']);
		const ids = [0, 1, 2].map((run) => itemsOf(ended, NODE, 0, run)[0]?.json.id);
		expect(ids).toEqual(jobIds(testbed.emulator));
		expectPaid(testbed.emulator, { submitted: 3 });
	});

	it('does not mix up two nodes with equal inputs', async () => {
		testbed.emulator.scriptJob({ ...READY, times: 'always' });
		testbed.emulator.faults.add({ on: 'download', skip: 1, do: GONE });
		const [first, second] = ['First', 'Second'].map((name) => {
			return testbed.videoNode(name, FROM_NODES, retryOnFail(2));
		});
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), first!, second!);
		const flow = await testbed.client.createWorkflow(workflow('Twice', ...wires));
		const ended = await testbed.run(flow.id, 'success');
		const ids = ['First', 'Second'].map((name) => itemsOf(ended, name)[0]?.json.id);
		expect(ids).toEqual(jobIds(testbed.emulator));
		// Each node uploads for itself.
		expectPaid(testbed.emulator, { submitted: 2, uploaded: 6 });
	});
});

/** The first request for the video of an item finds nothing. */
function failDownloadOf(prompt: string): void {
	const { emulator } = testbed;
	const when = ({ path }: { path: string }) => {
		const job = emulator.predictions().find(({ inputs }) => inputs.prompt === prompt);
		return job !== undefined && path.includes(job.id);
	};
	emulator.faults.add({ on: 'download', when, do: GONE });
}

function idsOf(out: readonly INodeExecutionData[]): unknown[] {
	return out.map(({ json }) => json.id).sort();
}

/** Three rounds of one item each, through Loop Over Items. */
async function loop(options: ReturnType<typeof retryOnFail> = {}) {
	const rows = items('Rows', { row: 0 }, { row: 1 }, { row: 2 });
	const over = node('Loop', 'n8n-nodes-base.splitInBatches', { options: {} }, { typeVersion: 3 });
	const ours = testbed.videoNode(NODE, FROM_NODES, options);
	return await testbed.client.createWorkflow(
		workflow(
			'Loop',
			...chain(manualTrigger(), ...testbed.mediaNodes(), rows, over),
			[over, ours, 1],
			[ours, over],
			[over, noOp('After'), 0],
		),
	);
}
