/** Limits on what is paid, and jobs to choose from, in a real n8n. */
import { expect, it } from '@jest/globals';
import { errorOf, NODE_TYPE, NODE_TYPE_VERSION } from '../testbed';
import { useVideo } from './support/video-workflow';

const { testbed, client, emulator, run, retry } = useVideo({ emulator: { jobSeconds: 0 } });

/** What a job with the fixtures costs: three seconds, which is not the floor price of this model. */
const PRICE = 0.09;

it('Max Cost per Run: a retry of the execution goes on with the sum', async () => {
	const options = { model: 'infinitetalk480p', maxCostPerRun: 2 * PRICE };
	const failed = await run({ prompts: ['a', 'b', 'c'], parameters: { options } }, 'error');
	expect(errorOf(failed)?.message).toContain(
		'from $0.18 to $0.27, but the limit is $0.18 [item 3]',
	);

	const again = await retry(failed.id, 'original', 'error');

	expect(errorOf(again)?.message).toContain('from $0.18 to $0.27');
	expect(emulator.billing()).toMatchObject({ submitted: 2, spent: 2 * PRICE });
});

it('the list of the field Job ID has pages, and words find a job on any of them', async () => {
	interface Found {
		results: Array<{ name: string; value: string }>;
		paginationToken?: string;
	}
	const search = async (more: object = {}) => {
		const { type, id, name } = testbed.credential;
		const path = '/rest/dynamic-node-parameters/resource-locator-results';
		return await client.session.call<Found>('POST', path, {
			path: 'parameters.predictionId',
			methodName: 'searchJobs',
			nodeTypeAndVersion: { name: NODE_TYPE, version: NODE_TYPE_VERSION },
			currentNodeParameters: { resource: 'video', operation: 'getResult' },
			credentials: { [type]: { id, name } },
			...more,
		});
	};
	const added: string[] = [];
	for (let age = 0; age < 110; age++) {
		added.push(await emulator.addJob({ ageSeconds: age, inputs: { prompt: `no-${age}` } }));
	}

	const { results, paginationToken } = await search();
	const second = await search({ paginationToken });

	expect([...results, ...second.results].map(({ value }) => value)).toEqual(added);
	expect(second.paginationToken).toBeUndefined();
	const last = { name: expect.stringContaining('no-109'), value: added[109] };
	expect(await search({ filter: 'no-109 COMPLETED' })).toEqual({ results: [last] });
});
