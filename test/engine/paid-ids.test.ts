/** Whatever fails after the submission, the user reads the IDs of the jobs that are paid for. */
import { expect, it } from '@jest/globals';
import { itemsOf, READY, refused } from './support/cases';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

/** An expression that n8n cannot evaluate. */
const failing = "={{ $('Nobody').item.json.x }}";

it.each(['submit', 'submitAndWait'])(
	'%s: one item is refused, the message names the jobs of the others',
	async (operation) => {
		emulator.scriptJob(READY);
		const bad = { on: 'submit', match: { body: 'bad-' } } as const;
		const when = () => emulator.predictions().length < 2;
		emulator.faults.add({ ...bad, times: 'always', when, do: refused(429, 'Too many requests') });
		emulator.faults.add({ ...bad, do: refused(400, 'Invalid picture') });

		const { error } = await engine.run({
			items: itemsOf('a', 'bad', 'c'),
			parameters: { operation },
		});

		expect(error.message).toContain('Invalid picture [item 2]');
		expect(emulator.predictions()).toHaveLength(2);
		for (const { id } of emulator.predictions()) expect(error.description).toContain(id);
	},
);

it.each([
	['outputField', 'submitAndWait', { outputField: failing }],
	['simplify', 'submit', { simplify: failing }],
	['simplify', 'submitAndWait', { simplify: failing }],
	['fileName', 'submitAndWait', { options: { fileName: failing } }],
	['timeoutMinutes', 'submitAndWait', { options: { timeoutMinutes: failing } }],
	['onTimeout', 'submitAndWait', { options: { onTimeout: failing } }],
	['callbackUrl', 'submit', { options: { callbackUrl: failing } }],
])('an expression of %s that fails, in %s, costs nothing', async (_field, operation, fields) => {
	const { error } = await engine.run({ parameters: { operation, ...fields } });

	expect(error.message).toContain("Referenced node doesn't exist");
	expect(emulator.requests).toEqual([]);
});
