import { expect, it } from '@jest/globals';
import { createHmac } from 'crypto';
import fc from 'fast-check';
import { hasValidSignature } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/signature';
import { text } from '../support/arbitraries';

const NOW_S = 1_760_000_000;
const calls = fc.record({
	secret: text(),
	id: text(),
	body: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
	age: fc.integer({ min: -300, max: 300 }),
});

it('what was signed is known, and nothing that differs from it', () => {
	fc.assert(
		fc.property(calls, fc.nat(), ({ secret, id, body, age }, chance) => {
			const timestamp = String(NOW_S - age);
			const digest = createHmac('sha256', secret)
				.update(`${id}.${timestamp}.`)
				.update(body)
				.digest('hex');
			const call = { id, timestamp, signature: `v3,${digest}`, body };
			const isKnown = (more: Partial<typeof call>, by = secret, at = NOW_S) =>
				hasValidSignature(`whsec_${by}`, { ...call, ...more }, at * 1000);
			expect(isKnown({})).toBe(true);
			const other = Buffer.from(body);
			other[chance % body.length]! ^= 1 << chance % 8;
			expect(isKnown({ body: other })).toBe(false);
			expect(isKnown({ body: body.subarray(1) })).toBe(false);
			expect(isKnown({ id: `${id}x` })).toBe(false);
			expect(isKnown({ timestamp: `${timestamp}0` })).toBe(false);
			expect(isKnown({}, `${secret}x`)).toBe(false);
			expect(isKnown({}, secret, NOW_S - age + 301)).toBe(false);
			const cut = `v3,${digest.slice(0, chance % 64)}`;
			expect(isKnown({ signature: cut })).toBe(false);
		}),
	);
});

it('any headers are refused without an error', () => {
	const headers = fc.record({
		id: text(),
		timestamp: fc.oneof(text(), fc.constant(String(NOW_S))),
		signature: fc.oneof(
			text(),
			text().map((digest) => `v3,${digest}`),
		),
		body: fc.constant(Buffer.from('{}')),
	});
	fc.assert(
		fc.property(text(), headers, (secret, call) => {
			expect(hasValidSignature(secret, call, NOW_S * 1000)).toBe(false);
		}),
	);
});
