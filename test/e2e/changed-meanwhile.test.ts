/** What people change while an execution is stored. WaveSpeed's call wakes it all the same. */
import { expect, it } from '@jest/globals';
import { CREDENTIAL_TYPE, errorOf, itemsOf, runsOf } from '../testbed';
import type { Execution, StoredCredential } from '../testbed';
import { NEVER, NODE, useVideo } from './support/video-workflow';

const { testbed, client, emulator, create, retry, jobIds, expectPaid } = useVideo();

/** An execution that is stored, with a credential of its own. */
async function store() {
	emulator.scriptJob(NEVER);
	const credential = await createCredential();
	const { id: workflowId, nodes, connections } = await create({ node: { use: [credential] } });
	const id = await client.run(workflowId, 'Start');
	await client.waitFor(id, ['waiting']);
	const changeOurs = (change: object) =>
		nodes.map((node) => (node.name === NODE ? { ...node, ...change } : node));
	return { id, workflowId, connections, credential, changeOurs };
}

async function createCredential(): Promise<StoredCredential> {
	return await client.createCredential(CREDENTIAL_TYPE, { ...testbed.service }, 'Own');
}

async function setKey(credential: StoredCredential, apiKey: string): Promise<void> {
	await client.updateCredential(credential, { ...testbed.service, apiKey });
}

/** The video of the one job that was paid for, and the workflow went on once. */
function expectVideo(ended: Execution): void {
	const [item, ...others] = itemsOf(ended, NODE);
	expect(others).toEqual([]);
	expect(item?.json.id).toBe(jobIds()[0]);
	expect(item?.binary?.data?.mimeType).toBe('video/mp4');
	expect(runsOf(ended, 'After')).toBe(1);
	expectPaid({ submitted: 1 });
}

it('the key can be replaced by another one of the account while an execution is stored', async () => {
	const { id, credential } = await store();
	emulator.setOptions({ keys: { 'another-key-of-the-account': {} } });
	await setKey(credential, 'another-key-of-the-account');
	await emulator.finishAll();
	expectVideo(await client.waitFor(id, ['success']));
});

it('a key that is refused fails it with the job; with a right one a retry gets the video', async () => {
	const { id, credential } = await store();
	await setKey(credential, 'revoked');
	await emulator.finishAll();
	const { message, description } = errorOf(await client.waitFor(id, ['error']))!;
	expect(message).toContain(jobIds()[0]);
	expect(description).toContain('Check the API Key');
	await setKey(credential, testbed.service.apiKey);
	expectVideo(await retry(id));
});

it('without its credential it fails; with another one a retry gets the video', async () => {
	const { id, workflowId, credential, changeOurs } = await store();
	await client.deleteCredential(credential.id);
	await emulator.finishAll();
	const failed = await client.waitFor(id, ['error']);
	const [job] = jobIds();
	expect(errorOf(failed)?.description).toContain(job);
	expect(failed.customData?.wavespeed_jobs).toBe(job);
	const another = await createCredential();
	const credentials = { [another.type]: { id: another.id, name: another.name } };
	const nodes = changeOurs({ credentials });
	await client.updateWorkflow(workflowId, { nodes });
	expectVideo(await retry(id, 'current'));
});

it('the workflow can be edited and the node renamed: it goes on as it began', async () => {
	const { id, workflowId, connections, changeOurs } = await store();
	const wires = JSON.stringify(connections).replaceAll(JSON.stringify(NODE), '"Renamed"');
	await client.updateWorkflow(workflowId, {
		nodes: changeOurs({ name: 'Renamed', parameters: {} }),
		connections: JSON.parse(wires) as typeof connections,
	});
	await emulator.finishAll();
	expectVideo(await client.waitFor(id, ['success']));
	expect(emulator.predictions()[0]?.inputs.prompt).toBe('alone');
});
