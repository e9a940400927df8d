/** Refusals for too many requests: they create nothing, so they are waited out. */
import { describe, expect, it } from '@jest/globals';
import { useEngine } from './support/testbed';
import { itemsOf, limitPerMinute } from './support/cases';
import { time } from './support/time';

const { emulator, engine } = useEngine();

const message = 'Too many requests';
const tooMany = { status: 429, body: { code: 429, message } };

describe('a submission that is refused', () => {
	it('with Retry-After is sent again when that has passed', async () => {
		const respond = { ...tooMany, headers: { 'retry-after': '40' } };
		emulator.faults.add({ on: 'submit', do: { respond } });

		const execution = await engine.run();

		expect(execution.failure).toBeUndefined();
		expect(time.sleeps.filter(({ ms }) => ms >= 40_000)).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1 });
	});

	it('again and again is sent until the deadline, then fails in the service’s words', async () => {
		emulator.faults.add({ on: 'submit', times: 'always', do: { respond: tooMany } });

		const execution = await engine.run({ parameters: { options: { timeoutMinutes: 2 } } });

		expect(execution.error.message).toBe(`${message} [item 1]`);
		expect(execution.error).toMatchObject({ httpCode: '429' });
		const submissions = emulator.requestsTo('submit').length;
		expect(submissions).toBeGreaterThan(2);
		// A refusal is unclear, so each repetition comes after a look.
		expect(emulator.requestsTo('history')).toHaveLength(submissions - 1);
	});
});

it('many items under a limit slow down, and none fails', async () => {
	limitPerMinute(emulator, 'submit', 3);

	const execution = await engine.run({
		items: itemsOf(...'abcdefgh'),
	});

	expect(execution.failure).toBeUndefined();
	expect(execution.good.map(({ json }) => json.status)).toEqual(Array(8).fill('completed'));
	expect(emulator.billing()).toMatchObject({ billed: 8, paid: 8 });
});

it('one refusal holds all calls of the account back, whatever they are', async () => {
	const respond = { ...tooMany, headers: { 'retry-after': '40' } };
	emulator.faults.add({ on: 'balance', do: { respond } });
	const balance = { resource: 'account', operation: 'getBalance' };
	time.standsStill = true;

	const refused = engine.run({ parameters: balance });
	await emulator.until(() => time.sleeps.length === 1);
	const other = engine.run({ parameters: { operation: 'getMany' } });
	await emulator.until(() => time.sleeps.length === 2);

	for (const { ms } of time.sleeps) expect(ms).toBeGreaterThanOrEqual(40_000);
	expect(emulator.requestsTo('history')).toEqual([]);
	time.standsStill = false;
	expect([(await refused).failure, (await other).failure]).toEqual([undefined, undefined]);
});
