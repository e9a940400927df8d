import { createHmac } from 'node:crypto';

/** The value of `webhook-signature` for a body sent with these headers. */
export function webhookSignature(
	secret: string,
	id: string,
	timestamp: number | string,
	body: string | Buffer,
): string {
	// The key is the text behind the prefix as it stands; it is not base64.
	const key = secret.replace(/^whsec_/, '');
	const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
	return `v3,${mac.digest('hex')}`;
}
