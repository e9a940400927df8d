/** Settings of the node and its credential: what they may say, also by expression, and that a wrong one costs nothing. */
import { expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { TO_ERROR_OUTPUT } from './support/cases';
import { CREDENTIAL_TYPE } from '../testbed/video-node';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

const byOption = (options: INodeParameters): INodeParameters => ({ options });
const ofResult = (more: INodeParameters): INodeParameters => {
	return { operation: 'getResult', predictionId: 'a'.repeat(32), ...more };
};
const callback = (callbackUrl: string): INodeParameters => {
	return { operation: 'submit', options: { callbackUrl } };
};

it.each<[string, INodeParameters]>([
	['Download Video: "maybe" is not true or false', { downloadVideo: '={{ "maybe" }}' }],
	['Simplify: 2 is not true or false', { simplify: '={{ 2 }}' }],
	['Timeout (Minutes): "90 min" is not a number', byOption({ timeoutMinutes: '={{ "90 min" }}' })],
	['Timeout (Minutes): 0 is not a number above 0', byOption({ timeoutMinutes: 0 })],
	// Not taken for the default.
	['Timeout (Minutes) is empty', byOption({ timeoutMinutes: '={{ $json.nothing }}' })],
	['Max Parallel Jobs: 0.5 is not a whole number of at least 1', byOption({ itemsInFlight: 0.5 })],
	['Waiting: "forever" is not one of the choices', byOption({ waiting: '={{ "forever" }}' })],
	['On Timeout: "ignore" is not one of the choices', byOption({ onTimeout: '={{ "ignore" }}' })],
	['If Not Finished: "whatever" is not', ofResult({ ifNotFinished: '={{ "whatever" }}' })],
	['Get Charge: "whatever" is not', ofResult(byOption({ getCharge: '={{ "whatever" }}' }))],
	['Callback URL: "my-hook" is not a valid URL', callback('my-hook')],
	['Callback URL: WaveSpeed cannot reach localhost', callback('https://localhost:5678/webhook/a')],
	['Callback URL: the expression returns nothing', callback('={{ $json.hook }}')],
	['"dance"', { operation: '={{ "dance" }}' }],
	['Max Cost (USD) is empty', byOption({ maxCost: '={{ $json.none }}' })],
	['per Run (USD): "a dollar" is not an amount of money', byOption({ maxCostPerRun: 'a dollar' })],
	['Return All: "all" is not true or false', { operation: 'getMany', returnAll: '={{ "all" }}' }],
	['Limit: 0 is not a whole number of', { operation: 'getMany', limit: 0 }],
	['Status: "done" is not one of', { operation: 'getMany', filters: { status: 'done' } }],
	['Model: "x" is not one of', { operation: 'getMany', filters: { model: 'x' } }],
])('a setting that is not known is refused before anything is sent: %s', async (message, given) => {
	const { error } = await engine.run({ parameters: given });

	expect(error.message).toContain(message);
	expect(emulator.requests).toEqual([]);
});

it('a credential that was deleted: what to do is to choose one', async () => {
	const credentials = { [CREDENTIAL_TYPE]: { id: 'gone', name: 'Old account' } };
	const gone = { node: { credentials } };

	const stopped = await engine.run(gone);
	const continued = await engine.run({ ...gone, node: { credentials, ...TO_ERROR_OUTPUT } });

	const advice = expect.stringMatching(/^Select or create a WaveSpeed API credential/);
	expect(stopped.error).toMatchObject({
		message: 'Credential with ID "gone" does not exist',
		description: advice,
	});
	expect(continued.errors).toEqual([expect.objectContaining({ next_step: advice })]);
});
