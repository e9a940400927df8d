import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'crypto';
import type { SignedRequest } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/signature';
import { hasValidSignature } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/signature';

const SECRET = 'whsec_dGVzdC1rZXktbm90LXJlYWw=';
const SIGNED_AT = 1_760_000_000;
const NOW = SIGNED_AT * 1000;
const BODY =
	'{"id":"wh-test-1","model":"wavespeed-ai/infinitetalk-fast/multi",' +
	'"outputs":["https://cdn.example.test/o/1.mp4"],"status":"completed","error":""}';
const DIGEST = '683c85282e240cf12999abb472f8e31f69b826e36166924ce50e36bcceb7dbf9';

const CALL: SignedRequest = {
	id: 'wh-test-1',
	timestamp: String(SIGNED_AT),
	signature: `v3,${DIGEST}`,
	body: Buffer.from(BODY),
};

const isKnown = (more: Partial<SignedRequest> = {}, secret = SECRET, now = NOW) =>
	hasValidSignature(secret, { ...CALL, ...more }, now);

describe('a call of WaveSpeed is known', () => {
	it('by the signature of the test vector', () => {
		expect(Buffer.byteLength(BODY)).toBe(144);
		expect(isKnown()).toBe(true);
	});

	it('with a secret that lacks its prefix', () => {
		expect(isKnown({}, SECRET.slice('whsec_'.length))).toBe(true);
	});

	it('when one of several signatures fits', () => {
		expect(isKnown({ signature: `v3,${'0'.repeat(64)} v2,${DIGEST} v3,${DIGEST}` })).toBe(true);
	});
});

it.each([
	[-301, false],
	[-300, true],
	[300, true],
	[301, false],
])('a call %i s away from its time is known: %s', (seconds, expected) => {
	expect(isKnown({}, SECRET, NOW + seconds * 1000)).toBe(expected);
});

describe('a call of somebody else is refused', () => {
	it.each<[string, Partial<SignedRequest>]>([
		['with a newline after the body', { body: Buffer.from(`${BODY}\n`) }],
		['with another ID', { id: 'wh-test-2' }],
		['with the time moved by a second', { timestamp: String(SIGNED_AT + 1) }],
		['with the bare digest', { signature: DIGEST }],
		['with another version', { signature: `v2,${DIGEST}` }],
		['with a second comma', { signature: `v3,${DIGEST},` }],
		['with a digest in capitals', { signature: `v3,${DIGEST.toUpperCase()}` }],
		['with half a digest', { signature: `v3,${DIGEST.slice(0, 32)}` }],
		['with a digest of other letters', { signature: `v3,${'é'.repeat(32)}` }],
	])('%s', (_what, more) => {
		expect(isKnown(more)).toBe(false);
	});

	it.each(['', 'whsec_another', `whsec_${SECRET}`])('with the secret %j', (secret) => {
		expect(isKnown({}, secret)).toBe(false);
	});

	it.each(['now', `${SIGNED_AT}.0`])('with the time %j, though it is signed', (timestamp) => {
		const key = SECRET.slice('whsec_'.length);
		const digest = createHmac('sha256', key).update(`wh-test-1.${timestamp}.${BODY}`).digest('hex');
		expect(isKnown({ timestamp, signature: `v3,${digest}` })).toBe(false);
	});
});
