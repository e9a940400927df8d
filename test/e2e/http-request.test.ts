import { afterEach, describe, expect, it } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import { errorOf, itemsOf } from '../testbed/n8n';
import { useTestbed } from '../testbed/jest/use-testbed';
import { CREDENTIAL_TYPE } from '../testbed/video-node';
import { chain, manualTrigger, node, workflow } from '../testbed/workflow';
import { expectKeyOnlyAtApi } from './support/secret';

const testbed = useTestbed({ emulator: { apiKey: 'wsk_of_the_http_node' } });
const { client, emulator } = testbed;

afterEach(() => {
	expectKeyOnlyAtApi(testbed);
});

/** n8n's own HTTP Request node with the credential of our package. */
function request(url: string, typeVersion: number): INode {
	const parameters = {
		url,
		authentication: 'predefinedCredentialType',
		nodeCredentialType: CREDENTIAL_TYPE,
		options: {},
	};
	return node('HTTP Request', 'n8n-nodes-base.httpRequest', parameters, {
		typeVersion,
		use: [testbed.credential],
	});
}

async function run(ask: INode) {
	const flow = workflow('HTTP Request', ...chain(manualTrigger(), ask));
	const { id } = await client.createWorkflow(flow);
	return await testbed.run(id);
}

describe("n8n's HTTP Request node with the WaveSpeed credential", () => {
	it.each([3, 4.2])('version %d reaches the API', async (version) => {
		const execution = await run(request(`${testbed.service.baseUrl}/api/v3/balance`, version));
		expect(execution.status).toBe('success');
		expect(itemsOf(execution, 'HTTP Request')[0]?.json).toMatchObject({ code: 200 });
	});

	it.each([
		['another address', 'http://localhost:9/api/v3/balance', /only sent to/],
		['no address', 'not an address', /Invalid URL|only sent to/],
	])('sends the key to no other place: %s', async (_case, url, sentence) => {
		const execution = await run(request(url, 4.2));
		expect(execution.status).toBe('error');
		expect(errorOf(execution)?.message).toMatch(sentence);
	});

	it('does not follow a redirect with the key', async () => {
		const elsewhere = testbed.service.baseUrl.replace('127.0.0.1', 'localhost');
		emulator.faults.add({
			on: 'balance',
			do: { respond: { status: 302, headers: { location: `${elsewhere}/api/v3/balance` } } },
		});
		await run(request(`${testbed.service.baseUrl}/api/v3/balance`, 4.2));
		expect(emulator.requestsTo('balance')).toHaveLength(1);
	});
});
