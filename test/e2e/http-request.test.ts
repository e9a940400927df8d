/** n8n's own HTTP Request node with the credential of our package. */
import { afterEach, expect, it } from '@jest/globals';
import { chain, CREDENTIAL_TYPE, errorOf, itemsOf, manualTrigger, node } from '../testbed';
import { useTestbed, workflow, type Execution } from '../testbed';
import { expectKeyOnlyAtApi } from './support/secret';

const testbed = useTestbed({ emulator: { apiKey: 'wsk_of_the_http_node' } });
const { client, emulator } = testbed;

afterEach(() => {
	expectKeyOnlyAtApi(testbed);
});

async function request(url: string, typeVersion = 4.2): Promise<Execution> {
	const ask = node(
		'HTTP Request',
		'n8n-nodes-base.httpRequest',
		{
			url,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: CREDENTIAL_TYPE,
			options: {},
		},
		{ typeVersion, use: [testbed.credential] },
	);
	const { id } = await client.createWorkflow(workflow('Ask', ...chain(manualTrigger(), ask)));
	return await testbed.run(id);
}

it.each([3, 4.2])('version %d of the HTTP Request node reaches the API', async (version) => {
	const execution = await request(`${testbed.service.baseUrl}/api/v3/balance`, version);
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'HTTP Request')[0]?.json).toMatchObject({ code: 200 });
});

it.each(['http://localhost:9/api/v3/balance', 'not an address'])(
	'the key is sent to no other place: %s',
	async (url) => {
		const execution = await request(url);
		expect(execution.status).toBe('error');
		expect(errorOf(execution)?.message).toMatch(/Invalid URL|only sent to/);
	},
);

it('a redirect is not followed with the key', async () => {
	const elsewhere = testbed.service.baseUrl.replace('127.0.0.1', 'localhost');
	const headers = { location: `${elsewhere}/api/v3/balance` };
	emulator.faults.add({ on: 'balance', do: { respond: { status: 302, headers } } });
	await request(`${testbed.service.baseUrl}/api/v3/balance`);
	expect(emulator.requestsTo('balance')).toHaveLength(1);
});
