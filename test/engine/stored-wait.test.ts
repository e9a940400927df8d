import { describe, expect, it } from '@jest/globals';
import type { RunOptions } from './support/engine';
import { ownMediaFixtures } from './support/files';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';

const suite = useEngine();

function planned(count: number, more: Partial<RunOptions> = {}): RunOptions {
	return {
		items: Array.from({ length: count }, (_, index) => ({
			json: { prompt: `p${index}` },
			files: ownMediaFixtures(`item${index}`),
		})),
		...more,
		parameters: {
			prompt: '={{ $json.prompt }}',
			...more.parameters,
			options: { waiting: 'automatic', ...(more.parameters?.options as object) },
		},
	};
}

async function untilEnd(ran: Execution): Promise<Execution> {
	let last = ran;
	for (let turn = 0; turn < 30 && last.run.waitTill; turn++) last = await suite.engine.wake(last);
	return last;
}

describe('stored wait', () => {
	it('gives the videos', async () => {
		suite.emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none' });
		const stored = await suite.engine.run(planned(2));
		expect(stored.run.status).toBe('waiting');
		await suite.emulator.finishAll();
		const ended = await untilEnd(stored);
		expect(ended.failure).toBeUndefined();
		expect(ended.run.status).toBe('success');
		expect(ended.good).toHaveLength(2);
		expect(ended.output('Good')).toHaveLength(2);
		expect(suite.emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});

	it('is woken by a call', async () => {
		suite.emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none' });
		const stored = await suite.engine.run(planned(1));
		const [job] = suite.emulator.predictions();
		const early = await suite.engine.call(stored, { body: { id: job!.id } });
		expect(early).toEqual({ status: 200, wakes: false });
		await suite.emulator.finishAll();
		const { ran } = await suite.engine.call(stored, { body: { id: job!.id } });
		expect(ran?.good).toHaveLength(1);
		expect(ran?.run.status).toBe('success');
	});
});
