import { expect, it } from '@jest/globals';
import { NODE_TYPE, NODE_TYPE_VERSION, useTestbed } from '../testbed';

const testbed = useTestbed();
const { client, emulator } = testbed;

interface Found {
	results: Array<{ name: string; value: string }>;
	paginationToken?: string;
}

/** As the editor asks for the list. */
async function search(more: object = {}): Promise<Found> {
	const { type, id, name } = testbed.credential;
	return await client.session.call(
		'POST',
		'/rest/dynamic-node-parameters/resource-locator-results',
		{
			path: 'parameters.predictionId',
			methodName: 'searchJobs',
			nodeTypeAndVersion: { name: NODE_TYPE, version: NODE_TYPE_VERSION },
			currentNodeParameters: { resource: 'video', operation: 'getResult' },
			credentials: { [type]: { id, name } },
			...more,
		},
	);
}

it('the list of the field Job ID has pages, and words find a job on any of them', async () => {
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
