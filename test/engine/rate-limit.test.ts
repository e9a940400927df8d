/** Refusals for too many requests: they create nothing, so they are waited out. */
import { describe, expect, it } from '@jest/globals';
import { ownMediaFixtures, mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';
import { time } from './support/time';
import { fromUrl } from './support/workflow';

const testbed = useEngine();

const items = [{ files: mediaFixtures }];
const message = 'Too many requests';
const tooMany = { status: 429, body: { code: 429, message } };

/** Milliseconds of the node's time between two submissions. */
function pause(): number {
	const [first, second] = testbed.emulator.requestsTo('submit');
	return ((second?.time ?? 0) - (first?.endTime ?? 0)) * time.speed;
}

describe('a submission that is refused', () => {
	it('with Retry-After is sent again when that has passed', async () => {
		const { emulator, engine } = testbed;
		const respond = { ...tooMany, headers: { 'retry-after': '40' } };
		emulator.faults.add({ on: 'submit', do: { respond } });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(pause()).toBeGreaterThan(38_000);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1 });
	});

	it('without it is sent again after some seconds', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', do: { respond: tooMany } });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(pause()).toBeGreaterThan(3_500);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1 });
	});

	it('by the code under HTTP 200 alone is the same', async () => {
		const { emulator, engine } = testbed;
		const respond = { status: 200, body: { code: 429, message } };
		emulator.faults.add({ on: 'submit', times: 2, do: { respond } });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 1 });
	});

	it('again and again is sent until the deadline, then fails in the service’s words', async () => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'submit', times: 'always', do: { respond: tooMany } });

		const execution = await engine.run({ items, parameters: { options: { timeoutMinutes: 2 } } });

		expect(execution.error.message).toBe(`${message} [item 1]`);
		expect(execution.error).toMatchObject({ httpCode: '429' });
		expect(emulator.requestsTo('submit').length).toBeGreaterThan(2);
		expect(emulator.requestsTo('history')).toEqual([]);
	});

	it('for longer than the deadline fails at once', async () => {
		const { emulator, engine } = testbed;
		const respond = { ...tooMany, headers: { 'retry-after': '7200' } };
		emulator.faults.add({ on: 'submit', times: 'always', do: { respond } });

		const execution = await engine.run({ items, parameters: { options: { timeoutMinutes: 60 } } });

		expect(execution.error.message).toContain(message);
		expect(emulator.requestsTo('submit')).toHaveLength(1);
	});
});

it('many items under a limit slow down, and none fails', async () => {
	const { emulator, engine } = testbed;
	// Three a minute of the node's time.
	emulator.setOptions({ requestsPerMinute: 3, minuteSeconds: 60 / time.speed, readInputs: false });

	const execution = await engine.run({
		items: Array.from({ length: 8 }, (_unused, index) => ({ json: { index } })),
		parameters: {
			image: fromUrl('=https://example.com/{{ $json.index }}.png'),
			leftAudio: fromUrl('https://example.com/left.mp3'),
			rightAudio: fromUrl('https://example.com/right.mp3'),
		},
	});

	expect(execution.failure).toBeUndefined();
	expect(execution.good.map(({ json }) => json.status)).toEqual(Array(8).fill('completed'));
	expect(emulator.billing()).toMatchObject({ billed: 8, paid: 8 });
});

describe('other calls', () => {
	it('a ticket is asked for again', async () => {
		const { emulator, engine } = testbed;
		const respond = { ...tooMany, headers: { 'retry-after': '20' } };
		emulator.faults.add({ on: 'ticket', times: 2, do: { respond } });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(time.sleeps.filter(({ ms }) => ms === 20_000)).toHaveLength(2);
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});

	it('a used-up quota of uploads is not waited for', async () => {
		const { emulator, engine } = testbed;
		const body = { code: 429, message: 'Upload quota exceeded' };
		const respond = { status: 429, body };
		emulator.faults.add({ on: 'ticket', times: 'always', do: { respond } });

		const execution = await engine.run({ items: [{ files: ownMediaFixtures('a') }] });

		expect(execution.error.message).toBe('Image: Upload quota exceeded [item 1]');
		expect(execution.error.description).toContain('URLs');
		expect(emulator.requestsTo('ticket')).toHaveLength(3);
		expect(emulator.requestsTo('submit')).toEqual([]);
	});

	it('a poll obeys Retry-After', async () => {
		const { emulator, engine } = testbed;
		const respond = { ...tooMany, headers: { 'retry-after': '50' } };
		emulator.faults.add({ on: 'result', do: { respond } });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		const [first, second] = emulator.requestsTo('result');
		expect((second!.time - first!.time) * time.speed).toBeGreaterThan(48_000);
	});
});
