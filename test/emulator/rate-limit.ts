import type { Clock } from './clock';
import type { Settings } from './options';

/** A fixed-window limit: the count restarts with every minute. */
export class RateLimit {
	private windowStart = -Infinity;
	private accepted = 0;

	constructor(
		private readonly settings: Settings,
		private readonly clock: Clock,
	) {}

	/** Counts one submission. Returns the seconds to wait when there is no room for it. */
	enter(): number | undefined {
		const { requestsPerMinute, minuteSeconds } = this.settings;
		if (requestsPerMinute === null) return undefined;
		const now = this.clock.now();
		const length = minuteSeconds * 1000;
		if (now - this.windowStart >= length) {
			this.windowStart = now;
			this.accepted = 0;
		}
		if (this.accepted < requestsPerMinute) {
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
