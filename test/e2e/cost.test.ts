/** Limits on what is paid, and jobs to choose from, in a real n8n. */
import { describe, expect, it } from '@jest/globals';
import { errorOf } from '../testbed/n8n';
import { useTestbed } from '../testbed/jest/use-testbed';
import { NODE_TYPE, NODE_TYPE_VERSION } from '../testbed/video-node';
import { createVideoWorkflow } from './support/video-workflow';

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });
const { client, emulator } = testbed;

/** What a job with the fixtures costs: three seconds, which is not the floor price of this model. */
const PRICE = 0.09;

it('Max Cost per Run: retries of the execution go on with the sum', async () => {
	const { id } = await createVideoWorkflow(testbed, {
		prompts: ['a', 'b', 'c'],
		parameters: { options: { model: 'infinitetalk480p', maxCostPerRun: 2 * PRICE } },
	});
	const failed = await testbed.run(id, 'error');
	expect(errorOf(failed)?.message).toContain('from $0.18 to $0.27; the limit is $0.18 [item 3]');

	const retried = await client.retryExecution(failed.id, 'original');
	const again = await client.waitFor(retried, ['error']);

	expect(errorOf(again)?.message).toContain('from $0.18 to $0.27');
	expect(emulator.billing()).toMatchObject({ submitted: 2, spent: 2 * PRICE });
});

describe('the list of the field Job ID', () => {
	interface Found {
		results: Array<{ name: string; value: string }>;
		paginationToken?: string;
	}

	async function search(filter?: string, paginationToken?: string): Promise<Found> {
		const { credential } = testbed;
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
			added.push(await emulator.addJob({ ageSeconds: age, inputs }));
		}

		const first = await search();
		const second = await search(undefined, first.paginationToken);

		expect([...first.results, ...second.results].map(({ value }) => value)).toEqual(added);
		expect(second.paginationToken).toBeUndefined();
		expect(first.results[0]?.name).toMatch(/^(just now|\d+ min ago) · completed · Prompt no-0$/);
		expect(await search('no-149 COMPLETED')).toEqual({
			results: [{ name: expect.stringContaining('Prompt no-149'), value: added[149] }],
		});
	});

	it('says what is wrong in the words of the service', async () => {
		const { apiKey } = emulator.settings;
		emulator.setOptions({ keys: { [apiKey]: { denied: ['history'] } } });

		await expect(search()).rejects.toThrow('this API key has no right to history');
	});
});
