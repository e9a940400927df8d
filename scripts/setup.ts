import { main } from './lib/main';
import { say } from '../test/testbed/lib/progress';
import { ensureRuntime } from '../test/testbed/n8n/runtime';
import { N8N_VERSION } from '../test/testbed/versions';

main(async () => {
	const { dir } = await ensureRuntime();
	say(`n8n ${N8N_VERSION} is ready in ${dir}`);
});
