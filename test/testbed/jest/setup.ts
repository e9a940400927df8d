import { Testbed } from '../testbed';
import { SHARED_VARIABLE, type Shared } from './shared';

declare global {
	var sharedTestbed: Testbed | undefined;
}

/** Starts the one n8n that all end-to-end tests share unless they need one of their own. */
export default async function setup(): Promise<void> {
	const testbed = await Testbed.open();
	globalThis.sharedTestbed = testbed;
	const { pid, log, options } = testbed.n8n;
	const { runtime, tarball = '' } = options;
	const shared: Shared = { ...testbed.running, runtime, tarball, pid, logFile: log.file };
	process.env[SHARED_VARIABLE] = JSON.stringify(shared);
}
