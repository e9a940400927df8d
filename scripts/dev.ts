import path from 'node:path';
import manifest from '../package.json';
import { onInterrupt } from '../test/testbed/lib/children';
import { runHere } from '../test/testbed/lib/command';
import { ROOT } from '../test/testbed/lib/paths';
import { say } from '../test/testbed/lib/progress';
import { OWNER } from '../test/testbed/n8n';
import { Testbed } from '../test/testbed/testbed';
import { openDemoTestbed } from './demo/testbed';
import { importExamples } from './demo/workflows';
import { main } from './lib/main';

/**
 * n8n with the node and the emulator; what is saved in nodes/ or credentials/ is compiled into the
 * installed package, and n8n loads it again. Icons and codex files come with the next start.
 */
main(async () => {
	const testbed = new Testbed();
	onInterrupt(async () => {
		await testbed.close();
		process.exit(0);
	});
	try {
		const env = { NODE_ENV: 'development', N8N_DEV_RELOAD: 'true' };
		await openDemoTestbed(testbed, process.env.WAVESPEED_API_KEY?.trim(), env);
		const { id } = await importExamples(testbed);
		say(`\nEditor:  ${testbed.url}/workflow/${id}`);
		say(`Log in:  ${OWNER.email} / ${OWNER.password}`);
		say('Compiling on every change until you press Ctrl-C.\n');
		const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
		const target = path.join(testbed.n8n.packages, manifest.name, 'dist');
		await runHere([tsc, '--watch', '--preserveWatchOutput', '--outDir', target]);
		return 1;
	} finally {
		await testbed.close();
	}
});
