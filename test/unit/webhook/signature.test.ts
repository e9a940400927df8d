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

function createCall(more: Partial<SignedRequest> = {}): SignedRequest {
	return {
		id: 'wh-test-1',
		timestamp: String(SIGNED_AT),
		signature: `v3,${DIGEST}`,
		body: Buffer.from(BODY),
		...more,
	};
}

describe('a call of WaveSpeed', () => {
	it('is known by the signature of the test vector', () => {
		expect(Buffer.byteLength(BODY)).toBe(144);
		expect(hasValidSignature(SECRET, createCall(), NOW)).toBe(true);
	});

	it('is known with a secret that lacks its prefix', () => {
		expect(hasValidSignature(SECRET.slice('whsec_'.length), createCall(), NOW)).toBe(true);
	});

	it('is known when one of several signatures fits', () => {
		const signature = `v3,${'0'.repeat(64)} v2,${DIGEST} v3,${DIGEST}`;
		expect(hasValidSignature(SECRET, createCall({ signature }), NOW)).toBe(true);
	});

	it.each([-300, 0, 300])('is known %i s away from its time', (seconds) => {
		expect(hasValidSignature(SECRET, createCall(), NOW + seconds * 1000)).toBe(true);
	});

	it('is known by its bytes, whatever they are', () => {
		const body = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
		const digest = createHmac('sha256', SECRET.slice(6))
			.update(Buffer.concat([Buffer.from(`wh-test-1.${SIGNED_AT}.`), body]))
			.digest('hex');
		expect(hasValidSignature(SECRET, createCall({ body, signature: `v3,${digest}` }), NOW)).toBe(
			true,
		);
	});
});

describe('a call of somebody else is refused', () => {
	it.each<[string, Partial<SignedRequest>]>([
		[
			'with the key base64-decoded',
			{ signature: 'v3,2ca059a67763731b71a8222408926a86a9c8c6a212735ee25b9becaf0850a410' },
		],
		[
			'with the prefix kept in the key',
			{ signature: 'v3,a4c8494878711256275dd9804ec929d47407f9f743d3f4f50f3f575ba7a92be9' },
		],
		[
			'with the signature of a body with a newline',
			{ signature: 'v3,ebc4834ba65c0a26e0ee0b10490de7e60864e551b30400f918a2f73f2fe8d3b0' },
		],
		['with a newline after the body', { body: Buffer.from(`${BODY}\n`) }],
		['with an empty body', { body: Buffer.alloc(0) }],
		['with the body written anew', { body: Buffer.from(BODY.replace(',', ', ')) }],
		['with another ID', { id: 'wh-test-2' }],
		['with no ID', { id: '' }],
		['with the time moved by a second', { timestamp: String(SIGNED_AT + 1) }],
		['with a time that is text', { timestamp: 'now' }],
		['with a time that is no whole number', { timestamp: `${SIGNED_AT}.0` }],
		['with a time in words of mathematics', { timestamp: '1.76e9' }],
		['with a negative time', { timestamp: `-${SIGNED_AT}` }],
		['with a time of 400 digits', { timestamp: '9'.repeat(400) }],
		['without a time', { timestamp: '' }],
		['without a signature', { signature: '' }],
		['without a comma', { signature: `v3${DIGEST}` }],
		['with the bare digest', { signature: DIGEST }],
		['with another version', { signature: `v2,${DIGEST}` }],
		['with a version in capitals', { signature: `V3,${DIGEST}` }],
		['with a second comma', { signature: `v3,${DIGEST},` }],
		['with a digest in capitals', { signature: `v3,${DIGEST.toUpperCase()}` }],
		['with half a digest', { signature: `v3,${DIGEST.slice(0, 32)}` }],
		['with a longer digest', { signature: `v3,${DIGEST}00` }],
		['with an empty digest', { signature: 'v3,' }],
		['with a digest of other letters', { signature: `v3,${'é'.repeat(32)}` }],
	])('%s', (_what, more) => {
		expect(hasValidSignature(SECRET, createCall(more), NOW)).toBe(false);
	});

	it.each([-301, 301, 86_400])('%i s away from its time', (seconds) => {
		expect(hasValidSignature(SECRET, createCall(), NOW + seconds * 1000)).toBe(false);
	});

	it.each(['', 'whsec_', 'whsec_another', SECRET.toLowerCase()])('with the secret %j', (secret) => {
		expect(hasValidSignature(secret, createCall(), NOW)).toBe(false);
	});
});
