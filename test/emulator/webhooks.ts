import { Agent, fetch } from 'undici';
import type { Clock } from './clock';
import type { Settings } from './options';
import { webhookSignature } from './signature';

const RETRIES = 3;
const ATTEMPT_TIMEOUT_MS = 30_000;

/** How a delivery differs from a real one. */
export interface WebhookOverrides {
	/** Replaces the body; a string is sent unchanged. */
	body?: unknown;
	/** Fields replaced in the prediction, e.g. a false status. */
	set?: Record<string, unknown>;
	/** Another URL. */
	url?: string;
	/** Default `right`. Any other text is sent as the header's value. */
	signature?: 'right' | 'wrong' | 'none' | (string & {});
	/** Unix seconds. */
	timestamp?: number;
	/** The header `webhook-id`. */
	id?: string;
	/** Attempts after the first. Default 3. */
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
	/** Milliseconds since the epoch, emulator clock. */
	time: number;
	/** HTTP status of the response; absent when there was none. */
	status?: number;
	error?: string;
}

/** Delivers webhooks as the service does: signed, and retried until a 2xx. */
export class WebhookSender {
	deliveries: WebhookDelivery[] = [];
	private agent = new Agent();
	private readonly cancels = new Set<() => void>();
	private closed = false;

	constructor(
		private readonly settings: Settings,
		private readonly clock: Clock,
		private readonly changed: () => void,
	) {}

	/** Resolves with the last attempt, successful or not. */
	async deliver(
		url: string,
		prediction: Record<string, unknown>,
		overrides: WebhookOverrides = {},
	): Promise<WebhookDelivery | undefined> {
		const retries = overrides.retries ?? RETRIES;
		let last: WebhookDelivery | undefined;
		for (let attempt = 1; attempt <= retries + 1 && !this.closed; attempt += 1) {
			last = await this.attempt(overrides.url ?? url, prediction, overrides, attempt);
			if (last.status !== undefined && last.status >= 200 && last.status < 300) break;
			if (attempt <= retries) {
				await this.wait(this.settings.webhookBackoffSeconds * 1000 * 2 ** (attempt - 1));
			}
		}
		return last;
	}

	/** Waits by the emulator's clock, at most until the sender is closed. */
	wait(ms: number): Promise<void> {
		if (ms <= 0) return Promise.resolve();
		return new Promise((resolve) => {
			const done = () => {
				this.cancels.delete(cancel);
				stop();
				resolve();
			};
			const cancel = done;
			const stop = this.clock.setTimer(done, ms);
			this.cancels.add(cancel);
		});
	}

	clear(): void {
		this.deliveries = [];
	}

	async close(): Promise<void> {
		this.closed = true;
		for (const cancel of [...this.cancels]) cancel();
		await this.agent.destroy();
	}

	private async attempt(
		url: string,
		prediction: Record<string, unknown>,
		overrides: WebhookOverrides,
		attempt: number,
	): Promise<WebhookDelivery> {
		const content = overrides.body ?? { ...prediction, ...overrides.set };
		const body = typeof content === 'string' ? content : JSON.stringify(content);
		const delivery: WebhookDelivery = {
			predictionId: String(prediction['id']),
			url,
			attempt,
			headers: this.headers(String(prediction['id']), body, overrides),
			body,
			time: this.clock.now(),
		};
		this.deliveries.push(delivery);
		try {
			const response = await fetch(url, {
				method: 'POST',
				headers: delivery.headers,
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
		this.changed();
		return delivery;
	}

	private headers(
		predictionId: string,
		body: string,
		overrides: WebhookOverrides,
	): Record<string, string> {
		const id = overrides.id ?? predictionId;
		const timestamp = overrides.timestamp ?? Math.floor(this.clock.now() / 1000);
		const headers: Record<string, string> = {
			'content-type': 'application/json',
			'webhook-id': id,
			'webhook-timestamp': String(timestamp),
		};
		const signature = overrides.signature ?? 'right';
		const right = webhookSignature(this.settings.webhookSecret, id, timestamp, body);
		const wrong = webhookSignature('whsec_another-secret', id, timestamp, body);
		if (signature === 'none') return headers;
		headers['webhook-signature'] =
			signature === 'right' ? right : signature === 'wrong' ? wrong : signature;
		return headers;
	}
}
