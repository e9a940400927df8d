/** The key goes to the API and to nobody else, and stays nowhere that n8n shows or stores. */
import { randomUUID } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { chain, CREDENTIAL_TYPE, errorOf, itemsOf, manualTrigger, mediaFixtures } from '../testbed';
import { node, noOp, shared, useTestbed, workflow, type Execution } from '../testbed';
import { expectUploaded } from './support/uploads';
import { NODE } from './support/video-workflow';
import { publish } from './support/webhook-workflow';

const KEY = `wsk_${randomUUID()}`;
const WRONG_KEY = `wsk_wrong_${randomUUID()}`;
/** Larger files are media that a test has made itself. */
const LARGE_BYTES = 100 * 1024 * 1024;

const testbed = useTestbed({ emulator: { apiKey: KEY, jobSeconds: 0 } });
const { client, emulator } = testbed;

afterEach(() => {
	const carriers = emulator.requests.filter(({ url, headers, body }) =>
		JSON.stringify([url, headers, body]).includes(KEY),
	);
	expect(carriers.filter(({ origin, url }) => origin !== 'api' || url.includes(KEY))).toEqual([]);
});

/** Sends the three files of a form to our node; gives the execution as n8n's editor gets it, too. */
async function runWithFiles(use = testbed.credential, status: 'success' | 'error' = 'success') {
	const ours = testbed.videoNode(NODE, { options: { seed: undefined } }, { use: [use] });
	const hook = await publish(testbed, (trigger) =>
		workflow('Files', ...chain(trigger, ours, noOp('After'))),
	);
	const ended = await hook.sendFiles(mediaFixtures(), status);
	const answer = await client.session.send('GET', `/rest/executions/${ended.id}`);
	return { ended, shown: await answer.body.text() };
}

it('a key is nowhere in executions, logs, database or stored files, be it right or wrong', async () => {
	const right = await runWithFiles();
	const [item] = itemsOf(right.ended, 'After');
	const [job] = emulator.predictions();
	expect(item?.json).toMatchObject({ id: job?.id, status: 'completed' });
	expect(item?.binary?.data?.fileName).toBe(`infinitetalk-${job?.id}.mp4`);
	expectUploaded(emulator);

	const data = { apiKey: WRONG_KEY, baseUrl: emulator.baseUrl };
	const credential = await client.createCredential(CREDENTIAL_TYPE, data, `Wrong ${randomUUID()}`);
	const wrong = await runWithFiles(credential, 'error');
	expect(errorOf(wrong.ended)?.message).toContain('Unauthorized: the API key is invalid');

	// Not by `toContain`: it would print everything.
	const everything = right.shown + wrong.shown;
	expect([KEY, WRONG_KEY].filter((key) => everything.includes(key))).toEqual([]);
	expect(everything.includes('infinitetalk-')).toBe(true);
	const folder = path.dirname(shared().files);
	expect(await filesWith(folder, testbed.credential.name)).not.toEqual([]);
	expect(await filesWith(folder, KEY, WRONG_KEY)).toEqual([]);
});

/** Files of n8n's folder with one of these texts: log, database, stored files; not n8n's own packages. */
async function filesWith(folder: string, ...texts: string[]): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath, entry.name))
		.filter((file) => !/(^|[\\/])(\.cache|node_modules)[\\/]/.test(path.relative(folder, file)));
	const found: string[] = [];
	for (const file of files) {
		// Temporary files come and go.
		const { size } = await stat(file).catch(() => ({ size: Infinity }));
		const content = size > LARGE_BYTES ? '' : await readFile(file).catch(() => '');
		if (texts.some((text) => content.includes(text))) found.push(file);
	}
	return found;
}

/** By n8n's own HTTP Request node with the credential of our package. */
async function request(url: string, typeVersion = 4.2): Promise<Execution> {
	const parameters = {
		url,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		options: {},
	};
	const type = 'n8n-nodes-base.httpRequest';
	const ask = node('Ask', type, parameters, { typeVersion, use: [testbed.credential] });
	const { id } = await client.createWorkflow(workflow('Ask', ...chain(manualTrigger(), ask)));
	return await testbed.run(id);
}

it.each([3, 4.2])('version %d of the HTTP Request node reaches the API', async (version) => {
	const execution = await request(`${testbed.service.baseUrl}/api/v3/balance`, version);
	expect(itemsOf(execution, 'Ask')[0]?.json).toMatchObject({ code: 200 });
});

it('the HTTP Request node sends the key to no other place', async () => {
	const execution = await request('http://localhost:9/api/v3/balance');
	expect(errorOf(execution)?.message).toMatch(/only sent to/);
});

it('the HTTP Request node follows no redirect with the key', async () => {
	const elsewhere = testbed.service.baseUrl.replace('127.0.0.1', 'localhost');
	const headers = { location: `${elsewhere}/api/v3/balance` };
	emulator.faults.add({ on: 'balance', do: { respond: { status: 302, headers } } });
	await request(`${testbed.service.baseUrl}/api/v3/balance`);
	expect(emulator.requestsTo('balance')).toHaveLength(1);
});
