import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import getPort from 'get-port';
import { tryLock } from '../../test/testbed/lib/lock';
import { cacheDir, ROOT } from '../../test/testbed/lib/paths';
import { say } from '../../test/testbed/lib/progress';
import type { StartOptions } from '../../test/testbed/n8n';
import type { Testbed } from '../../test/testbed/testbed';

const REAL_API = 'https://api.wavespeed.ai';
const USUAL_PORT = 5678;

/**
 * Opens a testbed on the n8n folder that demo and dev of this clone keep from run to run.
 *
 * @param apiKey for the real service; the emulator is used without one
 * @param env added to n8n's environment
 */
export async function openDemoTestbed(
	testbed: Testbed,
	apiKey: string | undefined,
	env: StartOptions['env'] = {},
): Promise<void> {
	const userFolder = await claimFolder(testbed);
	if (apiKey) {
		say(`Using ${REAL_API} with your key: jobs are charged to your WaveSpeed account.`);
	}
	await testbed.open({
		start: {
			userFolder,
			port: await getPort({ port: USUAL_PORT, host: '127.0.0.1' }),
			env,
		},
		credentialName: 'WaveSpeed (demo)',
		emulator: { log: (line) => say(`  emulator: ${line}`) },
		...(apiKey && { service: { apiKey, baseUrl: REAL_API } }),
	});
}

/**
 * n8n's home for the demo of this clone, kept from run to run with what was made in the editor; a
 * temporary one while another demo of this clone is running.
 */
async function claimFolder(testbed: Testbed): Promise<string> {
	const name = `demo-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}`;
	const kept = path.join(cacheDir(), name);
	const release = await tryLock(`${kept}.in-use`);
	const folder = release ? kept : await mkdtemp(path.join(tmpdir(), `${name}-`));
	const remove = async () => await rm(folder, { recursive: true, force: true, maxRetries: 3 });
	testbed.onClose(release ?? remove);
	return folder;
}
