import { ensureTarball } from '../n8n/package';
import { step } from '../lib/progress';
import { ensureRuntime } from '../n8n/runtime';
import manifest from '../../../package.json';
import { N8nClient, registerPackage, startN8n, type N8nProcess } from '../n8n';
import { SHARED_VARIABLE, type Shared } from './shared';

declare global {
	var sharedN8n: N8nProcess | undefined;
}

/** Starts the one n8n that all end-to-end tests share unless they need one of their own. */
export default async function setup(): Promise<void> {
	const runtime = await ensureRuntime();
	const tarball = await ensureTarball();
	const n8n = await step('Starting n8n', async () => await startN8n({ runtime, tarball }));
	globalThis.sharedN8n = n8n;
	const client = new N8nClient(n8n.url);
	await client.login();
	await registerPackage(client, manifest, { runtime, userFolder: n8n.userFolder });
	await client.close();
	const shared: Shared = {
		runtime,
		tarball,
		url: n8n.url,
		pid: n8n.pid,
		files: n8n.files,
		logFile: n8n.log.file,
		login: client.session.login,
	};
	process.env[SHARED_VARIABLE] = JSON.stringify(shared);
}
