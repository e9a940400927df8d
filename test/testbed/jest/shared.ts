import type { Runtime } from '../n8n/runtime';
import type { RunningN8n } from '../testbed';

/** Environment variable through which the set-up tells the tests what it started. */
export const SHARED_VARIABLE = 'E2E_SHARED_N8N';

export interface Shared extends RunningN8n {
	readonly runtime: Runtime;
	readonly tarball: string;
	readonly pid: number;
	readonly logFile: string;
}

/** The n8n that runs for all end-to-end tests; start one of your own to stop or kill it. */
export function shared(): Shared {
	const text = process.env[SHARED_VARIABLE];
	if (!text) throw new Error('No n8n was started; run the tests with: npm test -- --only e2e');
	return JSON.parse(text) as Shared;
}
