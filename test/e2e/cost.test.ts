/** Limits on what is paid, and jobs to choose from, in a real n8n. */
import { describe, expect, it, jest } from '@jest/globals';
import { errorOf, itemsOf } from '../testbed/n8n';
import { useTestbed } from '../testbed/jest/use-testbed';
import { NODE_TYPE, NODE_TYPE_VERSION } from '../testbed/video-node';
import { createVideoWorkflow } from './support/video-workflow';

jest.setTimeout(90_000);

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });

/** What a job with the fixtures costs. */
const PRICE = 0.075;

describe('limits', () => {
	it('Max Cost: what is dearer is not submitted, the rest comes out with its price', async () => {
		const options = { maxCost: `={{ $json.row === 0 ? 0.01 : ${PRICE} }}` };
		const { id } = await createVideoWorkflow(testbed, {
			prompts: ['dear', 'cheap'],
			parameters: { options },
			node: { onError: 'continueErrorOutput' },
		});
		const ended = await testbed.run(id, 'success');

		expect(itemsOf(ended, 'Failed')[0]?.json).toHaveProperty('error.max_cost', 0.01);
		expect(itemsOf(ended, 'After')[0]?.json).toMatchObject({ estimated_cost: PRICE });
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, spent: PRICE });
	});

	it('Max Cost per Run: retries of the execution go on with the sum', async () => {
		const { id } = await createVideoWorkflow(testbed, {
			prompts: ['a', 'b', 'c'],
			parameters: { options: { maxCostPerRun: 2 * PRICE } },
		});
		const failed = await testbed.run(id, 'error');
		expect(errorOf(failed)?.message).toContain('from $0.15 to $0.225; the limit is $0.15 [item 3]');

		const retried = await testbed.client.retryExecution(failed.id, 'original');
		const again = await testbed.client.waitFor(retried, ['error']);

		expect(errorOf(again)?.message).toContain('from $0.15 to $0.225');
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2, spent: 2 * PRICE });
	});
});

describe('the list of the field Job ID', () => {
	interface Found {
		results: Array<{ name: string; value: string }>;
		paginationToken?: string;
	}

	async function search(filter?: string, paginationToken?: string): Promise<Found> {
		const { client, credential } = testbed;
		return await client.session.call(
			'POST',
			'/rest/dynamic-node-parameters/resource-locator-results',
			{
				path: 'parameters.predictionId',
				methodName: 'searchJobs',
				nodeTypeAndVersion: { name: NODE_TYPE, version: NODE_TYPE_VERSION },
				currentNodeParameters: { resource: 'video', operation: 'getResult' },
				credentials: { [credential.type]: { id: credential.id, name: credential.name } },
				...(filter !== undefined && { filter }),
				...(paginationToken !== undefined && { paginationToken }),
			},
		);
	}

	it('has pages, newest first, with time, status and prompt; words find a job on any page', async () => {
		const added: string[] = [];
		for (let age = 0; age < 150; age++) {
			const inputs = { prompt: `Prompt no-${age}` };
			added.push(await testbed.emulator.addJob({ ageSeconds: age, inputs }));
		}

		const first = await search();
		const second = await search(undefined, first.paginationToken);

		expect([...first.results, ...second.results].map(({ value }) => value)).toEqual(added);
		expect(second.paginationToken).toBeUndefined();
		expect(first.results[0]?.name).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d · completed · Prompt no-0$/);
		expect(await search('no-149 COMPLETED')).toEqual({
			results: [{ name: expect.stringContaining('Prompt no-149'), value: added[149] }],
		});
	});

	it('says what is wrong in the words of the service', async () => {
		const { apiKey } = testbed.emulator.settings;
		testbed.emulator.setOptions({ keys: { [apiKey]: { denied: ['history'] } } });

		await expect(search()).rejects.toThrow('this API key has no right to history');
	});
});

it('a key that may not read the balance passes the test of the credential', async () => {
	const { apiKey } = testbed.emulator.settings;
	testbed.emulator.setOptions({ keys: { [apiKey]: { denied: ['balance'] } } });

	const tested = await testbed.client.testCredential(testbed.credential, {
		apiKey,
		baseUrl: testbed.emulator.baseUrl,
	});

	expect(tested).toEqual({ status: 'OK', message: 'The key works, but may not read the balance' });
});
