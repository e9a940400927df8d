import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { startEmulator } from '../../test/emulator/emulator';
import {
	N8nClient,
	OWNER,
	registerPackage,
	startN8n,
	type N8nProcess,
} from '../../test/testbed/n8n';
import { freePort, isFree } from '../../test/testbed/lib/free-port';
import manifest from '../../package.json';
import { onInterrupt } from '../../test/testbed/lib/children';
import { ROOT } from '../../test/testbed/lib/paths';
import { say, step } from '../../test/testbed/lib/progress';
import { ensureRuntime } from '../../test/testbed/n8n/runtime';
import { ensureTarball } from '../../test/testbed/n8n/package';
import { claimFolder, provideInputs } from './folder';
import { importExamples, runExample, type Service } from './workflows';

export interface DemoOptions {
	readonly once: boolean;
	readonly port?: number;
	/** File of the workflow to run. */
	readonly example: string;
	/** Key for the real service; the emulator is used without one. */
	readonly apiKey?: string;
}

const REAL_API = 'https://api.wavespeed.ai';
const USUAL_PORT = 5678;

/**
 * Everything from set-up to a video: a real n8n with the packed node, a service to talk to, the
 * example workflows, one run. Stays until interrupted unless `once`; returns the exit code.
 *
 * @throws Error with one sentence when any part of it fails
 */
export async function startDemo(options: DemoOptions): Promise<number> {
	const closing: Array<() => Promise<void>> = [];
	const close = async () => {
		for (const end of closing.splice(0).reverse()) await end();
	};
	let done = false;
	const forget = onInterrupt(async () => {
		say('\nEnding the demo …');
		await close();
		// Ctrl-C is how a demo that has shown its video is meant to end.
		if (done) process.exit(0);
	});
	try {
		const runtime = await ensureRuntime();
		const tarball = await ensureTarball();
		const folder = await claimFolder();
		closing.push(folder.release);
		const service = await startService(options.apiKey, closing);

		const port = options.port ?? ((await isFree(USUAL_PORT)) ? USUAL_PORT : await freePort());
		const n8n = await step('Starting n8n', async () => {
			return await startN8n({ runtime, tarball, userFolder: folder.path, port });
		});
		closing.push(async () => await n8n.stop());
		await provideInputs(n8n.files);

		const client = new N8nClient(n8n.url);
		closing.push(async () => await client.close());
		await client.login();
		await registerPackage(client, manifest, { runtime, userFolder: folder.path });
		const workflow = await importExamples(client, {
			example: options.example,
			service,
			folder: n8n.files,
		});

		const output = path.join(ROOT, 'output');
		await mkdir(output, { recursive: true });
		const video = await runExample(client, workflow, output);
		tell(n8n, workflow.id, video, service);
		if (options.once) return 0;
		done = true;
		say('\nn8n stays up until you press Ctrl-C.');
		await n8n.whenEnded();
		// When we are the ones who end it, the interrupt's own work decides on the exit code.
		if (closing.length === 0) return await new Promise<never>(() => undefined);
		throw new Error(`n8n has ended:\n${n8n.log.tail(20)}`);
	} finally {
		forget();
		await close();
	}
}

async function startService(
	apiKey: string | undefined,
	closing: Array<() => Promise<void>>,
): Promise<Service> {
	if (apiKey) {
		say(`Using ${REAL_API} with your key: the run is charged to your WaveSpeed account.`);
		return { apiKey, baseUrl: REAL_API, real: true };
	}
	const emulator = await startEmulator({ log: (line) => say(`  emulator: ${line}`) });
	closing.push(async () => await emulator.close());
	return { apiKey: emulator.settings.apiKey, baseUrl: emulator.baseUrl, real: false };
}

function tell(n8n: N8nProcess, workflowId: string, video: string, { real }: Service): void {
	say('');
	say(`Video:   ${video}`);
	if (!real) say('         (a local preview without lip sync: no WAVESPEED_API_KEY was set)');
	say(`Editor:  ${n8n.url}/workflow/${workflowId}`);
	say(`Log in:  ${OWNER.email} / ${OWNER.password}`);
}
