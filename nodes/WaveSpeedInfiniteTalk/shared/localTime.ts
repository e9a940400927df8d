/** Times as people read them: always in n8n's own time zone. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Date and time such as `Jan 31, 14:05`, or only the time when it is within a day of now.
 *
 * @param ms milliseconds since 1970
 * @param timeZone IANA name; an unknown one counts as UTC
 */
export function localTime(ms: number, timeZone: string, now: number): string {
	const isNear = Math.abs(now - ms) < DAY_MS;
	const format = (zone: string) =>
		new Intl.DateTimeFormat('en-US', {
			timeZone: zone,
			hour: '2-digit',
			minute: '2-digit',
			hourCycle: 'h23',
			...(isNear ? {} : { month: 'short', day: 'numeric' }),
		}).format(ms);
	try {
		return format(timeZone);
	} catch {
		return format('UTC');
	}
}

/** `3 min ago`, `5 h ago`, `2 days ago`: it needs no time zone. */
export function timeAgo(ms: number, now: number): string {
	const passed = Math.max(now - ms, 0);
	const days = Math.floor(passed / DAY_MS);
	if (passed < MINUTE_MS) return 'just now';
	if (passed < HOUR_MS) return `${Math.floor(passed / MINUTE_MS)} min ago`;
	if (passed < DAY_MS) return `${Math.floor(passed / HOUR_MS)} h ago`;
	return days === 1 ? '1 day ago' : `${days} days ago`;
}
