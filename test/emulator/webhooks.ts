import { createHmac } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, fetch } from 'undici';
import { serverTime, type Settings } from './options';

const ATTEMPT_TIMEOUT_MS = 30_000;

/** How a delivery differs from a real one. */
export interface WebhookOverrides {
	/** Fields replaced in the prediction, e.g. a false status. */
	set?: Record<string, unknown>;
	/** Another URL. */
	url?: string;
	/** Signs with another secret. */
	signature?: 'wrong';
	/** Unix seconds. */
	timestamp?: number;
	/** Attempts after the first. Default: that of the settings. */
	retries?: number;
}

/** One delivery attempt. */
export interface WebhookDelivery {
	predictionId: string;
	url: string;
	/** Counts from 1 within a delivery. */
	attempt: number;
	headers: Record<string, string>;
	body: string;
	/** Milliseconds since the epoch, server time. */
	time: number;
	/** HTTP status of the response; absent when there was none. */
	status?: number;
	error?: string;
}

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

/** Delivers webhooks as the service does: signed, and retried until a 2xx. */
export class WebhookSender {
	deliveries: WebhookDelivery[] = [];
	private readonly agent = new Agent();
	private readonly closing = new AbortController();

	constructor(private readonly settings: Settings) {
		// One for each delivery that waits for its next attempt.
		setMaxListeners(0, this.closing.signal);
	}

	/** Resolves with the last attempt, successful or not. */
	async deliver(
		url: string,
		prediction: Record<string, unknown>,
		overrides: WebhookOverrides = {},
	): Promise<WebhookDelivery | undefined> {
		const { retries = this.settings.webhookRetries } = overrides;
		const { signal } = this.closing;
		let last: WebhookDelivery | undefined;
		for (let attempt = 1; attempt <= retries + 1 && !signal.aborted; attempt += 1) {
			last = await this.attempt(overrides.url ?? url, prediction, overrides, attempt);
			if (last.status !== undefined && last.status >= 200 && last.status < 300) break;
			if (attempt > retries) break;
			const ms = this.settings.webhookBackoffSeconds * 1000 * 2 ** (attempt - 1);
			await sleep(ms, undefined, { signal }).catch(() => undefined);
		}
		return last;
	}

	async close(): Promise<void> {
		this.closing.abort();
		await this.agent.destroy();
	}

	private async attempt(
		url: string,
		prediction: Record<string, unknown>,
		overrides: WebhookOverrides,
		attempt: number,
	): Promise<WebhookDelivery> {
		const body = JSON.stringify({ ...prediction, ...overrides.set });
		const predictionId = String(prediction['id']);
		const time = serverTime(this.settings);
		const { timestamp = Math.floor(time / 1000) } = overrides;
		const secret =
			overrides.signature === 'wrong' ? 'whsec_another-secret' : this.settings.webhookSecret;
		const headers = {
			'content-type': 'application/json',
			'webhook-id': predictionId,
			'webhook-timestamp': String(timestamp),
			'webhook-signature': webhookSignature(secret, predictionId, timestamp, body),
		};
		const delivery: WebhookDelivery = { predictionId, url, attempt, headers, body, time };
		this.deliveries.push(delivery);
		try {
			const response = await fetch(url, {
				method: 'POST',
				headers,
				body,
				redirect: 'manual',
				dispatcher: this.agent,
				signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
			});
			delivery.status = response.status;
			await response.text();
		} catch (error) {
			const { message, cause } = error as Error;
			delivery.error = cause instanceof Error ? cause.message : message;
		}
		return delivery;
	}
}
