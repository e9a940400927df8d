import { createHmac } from 'node:crypto';

/** The `webhook-signature` header for a body with these headers. */
export function webhookSignature(
	secret: string,
	id: string,
	timestamp: number | string,
	body: string | Buffer,
): string {
	// The text after the prefix is the key itself, not base64.
	const key = secret.replace(/^whsec_/, '');
	const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body);
	return `v3,${mac.digest('hex')}`;
}
