/** What people change while an execution is stored. WaveSpeed's call wakes it all the same. */
import { describe, expect, it } from '@jest/globals';
import { useTestbed } from '../testbed/jest/use-testbed';
import { errorOf, itemsOf, runsOf, type Execution, type StoredCredential } from '../testbed/n8n';
import { CREDENTIAL_TYPE } from '../testbed/video-node';
import { createVideoWorkflow, expectPaid, jobIds, NODE } from './support/video-workflow';

const testbed = useTestbed();
const { client, emulator } = testbed;

interface Stored {
	readonly id: string;
	readonly workflowId: string;
	readonly credential: StoredCredential;
}

/** An execution that is stored, with a credential of its own. */
async function store(): Promise<Stored> {
	const { service } = testbed;
	emulator.scriptJob({ seconds: 'never', times: 'always' });
	const credential = await createCredential(service.apiKey);
	const flow = await createVideoWorkflow(testbed, { node: { use: [credential] } });
	const id = await client.run(flow.id, 'Start');
	await client.waitFor(id, ['waiting']);
	return { id, workflowId: flow.id, credential };
}

async function createCredential(apiKey: string): Promise<StoredCredential> {
	const { baseUrl } = testbed.service;
	return await client.createCredential(CREDENTIAL_TYPE, { apiKey, baseUrl }, 'Own');
}

async function setKey(credential: StoredCredential, apiKey: string): Promise<void> {
	const { baseUrl } = testbed.service;
	await client.updateCredential(credential, { apiKey, baseUrl });
}

async function useCredential(workflowId: string, { id, name }: StoredCredential): Promise<void> {
	const { nodes } = await client.getWorkflow(workflowId);
	const ours = nodes.find((each) => each.name === NODE);
	ours!.credentials = { [CREDENTIAL_TYPE]: { id, name } };
	await client.updateWorkflow(workflowId, { nodes });
}

/** The video of the one job that was paid for, and the workflow went on once. */
function expectVideo(ended: Execution): void {
	const [item, ...others] = itemsOf(ended, NODE);
	expect(others).toEqual([]);
	expect(item?.json.id).toBe(jobIds(emulator)[0]);
	expect(item?.binary?.data?.mimeType).toBe('video/mp4');
	expect(runsOf(ended, 'After')).toBe(1);
	expectPaid(emulator, { submitted: 1 });
}

describe('while an execution is stored', () => {
	it('the key can be replaced by another one of the account', async () => {
		const { id, credential } = await store();
		emulator.setOptions({ keys: { 'another-key-of-the-account': {} } });
		await setKey(credential, 'another-key-of-the-account');
		await emulator.finishAll();
		expectVideo(await client.waitFor(id, ['success']));
	});

	it('a key that is refused fails it with the job; with a right one a retry gets the video', async () => {
		const { service } = testbed;
		const { id, credential } = await store();
		await setKey(credential, 'revoked');
		await emulator.finishAll();
		const { message, description } = errorOf(await client.waitFor(id, ['error']))!;
		expect(message).toContain(jobIds(emulator)[0]);
		expect(description).toContain('Check the API Key');
		await setKey(credential, service.apiKey);
		const retry = await client.retryExecution(id, 'original');
		expectVideo(await client.waitFor(retry, ['success']));
	});

	it('without its credential it fails; with another one a retry gets the video', async () => {
		const { service } = testbed;
		const { id, workflowId, credential } = await store();
		await client.deleteCredential(credential.id);
		await emulator.finishAll();
		const failed = await client.waitFor(id, ['error']);
		const [job] = jobIds(emulator);
		expect(errorOf(failed)?.description).toContain(job);
		expect(failed.customData?.wavespeed_jobs).toBe(job);
		await useCredential(workflowId, await createCredential(service.apiKey));
		const retry = await client.retryExecution(id, 'current');
		expectVideo(await client.waitFor(retry, ['success']));
	});

	it('the workflow can be edited and the node renamed: it goes on as it began', async () => {
		const { id, workflowId } = await store();
		const { nodes, connections } = await client.getWorkflow(workflowId);
		const renamed = nodes.map((each) =>
			each.name === NODE
				? { ...each, name: 'Renamed', parameters: { ...each.parameters, prompt: 'another' } }
				: each,
		);
		const wires = JSON.stringify(connections).replaceAll(JSON.stringify(NODE), '"Renamed"');
		await client.updateWorkflow(workflowId, {
			nodes: renamed,
			connections: JSON.parse(wires) as typeof connections,
		});
		await emulator.finishAll();
		expectVideo(await client.waitFor(id, ['success']));
		expect(emulator.predictions()[0]?.inputs.prompt).toBe('alone');
	});
});
