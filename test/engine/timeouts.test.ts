/** Jobs that take longer than the user wants to wait. That the failure names the job is in error-branches. */
import { expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { ENDLESS, TO_ERROR_OUTPUT } from './support/cases';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

function within(timeoutMinutes: number, onTimeout = 'fail'): INodeParameters {
	return { options: { timeoutMinutes, onTimeout } };
}

it.each([true, false])('Output gives the unfinished job (simplify: %s)', async (simplify) => {
	emulator.scriptJob({ seconds: 'never' });

	const execution = await engine.run({ parameters: { ...within(1, 'output'), simplify } });

	expect(execution.failure).toBeUndefined();
	expect(execution.good[0]).toMatchObject({
		json: { id: emulator.predictions()[0]?.id, status: 'processing', timed_out: true },
		pairedItem: { item: 0 },
	});
	expect(execution.good[0]?.json).not.toHaveProperty('error');
	expect(execution.good[0]?.binary).toBeUndefined();
});

it('a job that could not be read even once is unfinished, too', async () => {
	emulator.scriptJob({ id: 'silent-job', seconds: 'never' });
	emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
	emulator.faults.add({ on: 'result', times: 'always', do: 'reset' });

	const { good } = await engine.run({ parameters: within(1, 'output') });

	expect(good[0]?.json).toMatchObject({ id: 'silent-job', timed_out: true });
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
});

it('Get Result goes on from the unfinished job and from the failure, with the same choice', async () => {
	emulator.scriptJob(ENDLESS);
	const unfinished = await engine.run({ parameters: within(1, 'output') });
	const failed = await engine.run({ parameters: within(1), node: TO_ERROR_OUTPUT });
	const items = [...unfinished.good, ...failed.bad];
	const predictionId = '={{ $json.id ?? $json.error.id }}';
	const getResult = { operation: 'getResult', predictionId, ifNotFinished: 'wait' };
	const ids = emulator.predictions().map(({ id }) => id);

	const again = await engine.run({ items, parameters: { ...getResult, ...within(1, 'output') } });
	const [item] = items;
	const late = await engine.run({ items: [item!], parameters: { ...getResult, ...within(1) } });
	await emulator.finishAll();
	const { good } = await engine.run({ items, parameters: getResult });

	expect(again.good.map(({ json }) => json)).toMatchObject(
		ids.map((id) => ({ id, timed_out: true })),
	);
	expect(late.error.message).toContain(ids[0]);
	expect(good.map(({ json }) => json)).toMatchObject(
		ids.map((id) => ({ id, status: 'completed' })),
	);
});
