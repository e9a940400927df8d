import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LOCKFILE } from '../test/testbed/lib/paths';
import { say } from '../test/testbed/lib/progress';
import { lockPackages } from '../test/testbed/n8n/install-n8n';
import { ensureRuntime } from '../test/testbed/n8n/runtime';
import { N8N_VERSION } from '../test/testbed/versions';
import { main, readOptions } from './lib/main';

const USAGE = `Usage: npm run setup [-- --lock]
--lock writes the lockfile of the pinned n8n anew, and installs nothing.`;

main(async () => {
	const { lock } = readOptions(USAGE, { lock: { type: 'boolean' } });
	if (lock) return await writeLockfile();
	const { dir } = await ensureRuntime();
	say(`n8n ${N8N_VERSION} is ready in ${dir}`);
});

async function writeLockfile(): Promise<void> {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-lock-'));
	try {
		const from = await lockPackages(folder, N8N_VERSION);
		await copyFile(from, LOCKFILE);
		say(`Written: ${LOCKFILE}`);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
