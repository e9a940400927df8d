/** WaveSpeed's webhook signature (wavespeed.ai/docs/verify-webhooks). */
import { createHmac, timingSafeEqual } from 'crypto';

/** Seconds that a callback's timestamp may be away from now. */
const TOLERANCE_S = 300;
const PREFIX = 'whsec_';

export interface SignedRequest {
	id: string;
	/** Seconds since 1970, as text. */
	timestamp: string;
	/** `v3,<hex>`; several may stand side by side, separated by spaces. */
	signature: string;
	/** The body's bytes as received; JSON that is parsed and written again would differ. */
	body: Buffer;
}

/**
 * True when the call was signed with the secret within the last five minutes.
 *
 * @param now milliseconds since 1970
 */
export function hasValidSignature(secret: string, call: SignedRequest, now: number): boolean {
	if (!/^\d+$/.test(call.timestamp)) return false;
	if (Math.abs(now / 1000 - Number(call.timestamp)) > TOLERANCE_S) return false;
	// The key is the text after the prefix. It looks like base64, but must not be decoded.
	const key = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
	const expected = createHmac('sha256', key)
		.update(`${call.id}.${call.timestamp}.`)
		.update(call.body)
		.digest('hex');
	return call.signature.split(' ').some((candidate) => {
		const [version, digest, ...more] = candidate.split(',');
		return version === 'v3' && more.length === 0 && equalInConstantTime(digest ?? '', expected);
	});
}

function equalInConstantTime(left: string, right: string): boolean {
	const [a, b] = [Buffer.from(left), Buffer.from(right)];
	return a.length === b.length && timingSafeEqual(a, b);
}
