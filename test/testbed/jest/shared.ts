import type { Runtime } from '../n8n/runtime';
import { N8nClient, type Login } from '../n8n';

/** Environment variable through which the set-up tells the tests what it started. */
export const SHARED_VARIABLE = 'E2E_SHARED_N8N';

export interface Shared {
	readonly runtime: Runtime;
	readonly tarball: string;
	readonly url: string;
	readonly pid: number;
	/** Folder that workflows may read from and write to. */
	readonly files: string;
	readonly logFile: string;
	/** The owner's. */
	readonly login: Login;
}

/** The n8n that runs for all end-to-end tests; start one of your own to stop or kill it. */
export function shared(): Shared {
	const text = process.env[SHARED_VARIABLE];
	if (!text) throw new Error('No n8n was started; run the tests with: npm test -- --only e2e');
	return JSON.parse(text) as Shared;
}

/** A client of the shared n8n, logged in as its owner; `close()` it after the tests of a file. */
export function connect(): N8nClient {
	const { url, login } = shared();
	return new N8nClient(url, login);
}
