import { ApiError } from './envelope';
import type { Settings } from './options';

/** A limit of accepted submissions in a fixed window: the count restarts with every minute. */
export class RateLimit {
	private windowStart = -Infinity;
	private accepted = 0;

	constructor(private readonly settings: Settings) {}

	/** Counts one submission; throws a 429 when the limit is reached. */
	enter(): void {
		const { requestsPerMinute: limit, minuteSeconds } = this.settings;
		const now = Date.now();
		if (now - this.windowStart >= minuteSeconds * 1000) {
			this.windowStart = now;
			this.accepted = 0;
		}
		if (limit === null || this.accepted < limit) {
			this.accepted += 1;
			return;
		}
		const seconds = Math.ceil(minuteSeconds - (now - this.windowStart) / 1000);
		const headers = { 'retry-after': String(seconds) };
		throw new ApiError(429, 'Too many requests: rate limit exceeded', undefined, headers);
	}

	clear(): void {
		this.windowStart = -Infinity;
	}
}
