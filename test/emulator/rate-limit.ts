import { ApiError } from './envelope';
import type { Settings } from './options';

/** A fixed-window limit: the count restarts with every minute. */
export class RateLimit {
	private windowStart = -Infinity;
	private accepted = 0;

	constructor(
		private readonly limit: 'requestsPerMinute' | 'ticketsPerMinute',
		private readonly settings: Settings,
	) {}

	/** Counts one request; throws a 429 when the limit is reached. */
	enter(): void {
		const wait = this.acquire();
		if (wait === undefined) return;
		const headers: Record<string, string> = {};
		if (this.settings.retryAfterHeader) headers['retry-after'] = String(Math.ceil(wait));
		throw new ApiError(429, 'Too many requests: rate limit exceeded', undefined, headers);
	}

	/** Returns the seconds until the next window when this one is full. */
	private acquire(): number | undefined {
		const { [this.limit]: limit, minuteSeconds } = this.settings;
		if (limit === null) return undefined;
		const now = Date.now();
		const length = minuteSeconds * 1000;
		if (now - this.windowStart >= length) {
			this.windowStart = now;
			this.accepted = 0;
		}
		if (this.accepted < limit) {
			this.accepted += 1;
			return undefined;
		}
		return (this.windowStart + length - now) / 1000;
	}

	clear(): void {
		this.windowStart = -Infinity;
		this.accepted = 0;
	}
}
