/** What people change while an execution is stored. WaveSpeed's call wakes it all the same. */
import { expect, it } from '@jest/globals';
import { CREDENTIAL_TYPE, errorOf, type StoredCredential } from '../testbed';
import { changeOurs, NEVER, NODE, useVideo } from './support/video-workflow';

const { testbed, client, emulator, create, retry, jobIds, expectPaid, expectVideos } = useVideo();

/** An execution that is stored, with a credential of its own. */
async function store() {
	emulator.scriptJob(NEVER);
	const credential = await createCredential();
	const flow = await create({ node: { use: [credential] } });
	const id = await client.run(flow.id, 'Start');
	await client.waitFor(id, ['waiting']);
	return { id, flow, credential };
}

async function createCredential(): Promise<StoredCredential> {
	return await client.createCredential(CREDENTIAL_TYPE, { ...testbed.service }, 'Own');
}

async function setKey(credential: StoredCredential, apiKey: string): Promise<void> {
	await client.updateCredential(credential, { ...testbed.service, apiKey });
}

/** The video of the one job that was paid for. */
async function expectVideo(id: string): Promise<void> {
	await expectVideos(id, 'alone');
	expectPaid({ submitted: 1 });
}

it('the key can be replaced by another one of the account while an execution is stored', async () => {
	const { id, credential } = await store();
	emulator.setOptions({ keys: { 'another-key-of-the-account': {} } });
	await setKey(credential, 'another-key-of-the-account');
	await emulator.finishAll();
	await expectVideo(id);
});

it('a key that is refused fails it with the job; with a right one a retry gets the video', async () => {
	const { id, credential } = await store();
	await setKey(credential, 'revoked');
	await emulator.finishAll();
	const { message, description } = errorOf(await client.waitFor(id, ['error']))!;
	expect(message).toContain(jobIds()[0]);
	expect(description).toContain('Check the API Key');
	await setKey(credential, testbed.service.apiKey);
	await expectVideo((await retry(id)).id);
});

it('without its credential it fails; with another one a retry gets the video', async () => {
	const { id, flow, credential } = await store();
	await client.deleteCredential(credential.id);
	await emulator.finishAll();
	const failed = await client.waitFor(id, ['error']);
	const [job] = jobIds();
	expect(errorOf(failed)?.description).toContain(job);
	expect(failed.customData?.wavespeed_jobs).toBe(job);
	const another = await createCredential();
	const credentials = { [another.type]: { id: another.id, name: another.name } };
	await client.updateWorkflow(flow.id, { nodes: changeOurs(flow.nodes, { credentials }) });
	await expectVideo((await retry(id, 'current')).id);
});

it('the workflow can be edited and the node renamed: it goes on as it began', async () => {
	const { id, flow } = await store();
	const wires = JSON.stringify(flow.connections).replaceAll(JSON.stringify(NODE), '"Renamed"');
	await client.updateWorkflow(flow.id, {
		nodes: changeOurs(flow.nodes, { name: 'Renamed', parameters: {} }),
		connections: JSON.parse(wires) as typeof flow.connections,
	});
	await emulator.finishAll();
	await expectVideo(id);
});
