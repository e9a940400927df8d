import getPort from 'get-port';
import { say } from '../../test/testbed/lib/progress';
import type { StartOptions } from '../../test/testbed/n8n';
import type { Testbed } from '../../test/testbed/testbed';
import { claimFolder } from './folder';

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
	const folder = await claimFolder();
	testbed.onClose(folder.release);
	if (apiKey) {
		say(`Using ${REAL_API} with your key: jobs are charged to your WaveSpeed account.`);
	}
	await testbed.open({
		start: {
			userFolder: folder.path,
			port: await getPort({ port: USUAL_PORT, host: '127.0.0.1' }),
			env,
		},
		credentialName: 'WaveSpeed (demo)',
		emulator: { log: (line) => say(`  emulator: ${line}`) },
		...(apiKey && { service: { apiKey, baseUrl: REAL_API } }),
	});
}
