/** Refusals for too many requests: they create nothing, so they are waited out. */
import { expect, it } from '@jest/globals';
import { itemsOf } from './support/cases';
import { useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

const message = 'Too many requests';
const tooMany = { status: 429, body: { code: 429, message } };
const LATER = { respond: { ...tooMany, headers: { 'retry-after': '40' } } };

it('a submission that is refused again and again fails at its deadline, in the service’s words', async () => {
	emulator.faults.add({ on: 'submit', times: 'always', do: { respond: tooMany } });

	const execution = await engine.run({ parameters: { options: { timeoutMinutes: 2 } } });

	expect(execution.error).toMatchObject({ message: `${message} [item 1]`, httpCode: '429' });
	const submissions = emulator.requestsTo('submit').length;
	expect(submissions).toBeGreaterThan(2);
	// A refusal is unclear, so each repetition comes after a look.
	expect(emulator.requestsTo('history')).toHaveLength(submissions - 1);
});

it.each([
	['submit', 3, 8],
	['ticket', 4, 4],
] as const)(
	'calls of the kind %s, %d a minute, slow %d items down, and none fails',
	async (...row) => {
		const [on, limit, items] = row;
		const counts = new Map<number, number>();
		/** Whether this is one too many in a minute of the node's time. */
		const when = () => {
			const minute = Math.floor(time.now / 60_000);
			const count = (counts.get(minute) ?? 0) + 1;
			counts.set(minute, count);
			return count > limit;
		};
		emulator.faults.add({ on, when, times: 'always', do: LATER });

		const execution = await engine.run({ items: itemsOf(...'abcdefgh'.slice(0, items)) });

		expect(execution.failure).toBeUndefined();
		expect(time.sleeps.some(({ ms }) => ms >= 40_000)).toBe(true);
		expect(execution.good).toHaveLength(items);
		expect(emulator.billing()).toMatchObject({ billed: items, paid: items });
	},
);

it('one refusal holds all calls of the account back, whatever they are', async () => {
	emulator.faults.add({ on: 'balance', do: LATER });
	time.standsStill = true;

	const refused = engine.run({ parameters: { resource: 'account', operation: 'getBalance' } });
	await emulator.until(() => time.sleeps.length === 1);
	const other = engine.run({ parameters: { operation: 'getMany' } });
	await emulator.until(() => time.sleeps.length === 2);

	for (const { ms } of time.sleeps) expect(ms).toBeGreaterThanOrEqual(40_000);
	expect(emulator.requestsTo('history')).toEqual([]);
	time.standsStill = false;
	expect([(await refused).failure, (await other).failure]).toEqual([undefined, undefined]);
});
