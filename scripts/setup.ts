import { main } from './lib/main';
import { say } from './lib/progress';
import { ensureRuntime } from './n8n-runtime';
import { N8N_VERSION } from './versions';

main(async () => {
	const { dir } = await ensureRuntime();
	say(`n8n ${N8N_VERSION} is ready in ${dir}`);
});
