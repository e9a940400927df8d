import { clock, say } from '../test/testbed/lib/progress';
import { ensureTarball } from '../test/testbed/n8n/package';
import { ensureRuntime } from '../test/testbed/n8n/runtime';
import { main, readNames, readOptions } from './lib/main';
import { sum, summary, type Outcome } from './test/counts';
import { STAGES } from './test/layers';

const LAYERS = STAGES.flat().map(({ name }) => name);

const USAGE = `Usage: npm test -- [--only <layer>[,<layer>…]] [-- <arguments for jest>]
Layers: ${LAYERS.join(', ')}`;

main(async () => {
	const args = process.argv.slice(2);
	const end = args.includes('--') ? args.indexOf('--') : args.length;
	const jestArgs = args.slice(end + 1);
	const { only } = readOptions(USAGE, { only: { type: 'string' } }, args.slice(0, end));
	const chosen = readNames(USAGE, LAYERS, only);
	const started = Date.now();
	// Installed beside the first stage; a failure is told by the layers that need it.
	const needsN8n = chosen.includes('e2e') || chosen.includes('browser');
	const prepared = Promise.allSettled(needsN8n ? [prepare()] : []);
	const outcomes = new Map<string, Outcome>();
	for (const stage of STAGES) {
		const layers = stage.filter(({ name }) => chosen.includes(name));
		if (stage !== STAGES[0]) await prepared;
		// A failing layer does not hide what the others have to say.
		await Promise.all(
			layers.map(async ({ name, run }) => {
				const onLine = layers.length > 1 ? (line: string) => say(`${name} │ ${line}`) : undefined;
				outcomes.set(name, await run(jestArgs, onLine));
			}),
		);
	}
	return report(outcomes, Date.now() - started);
});

async function prepare(): Promise<void> {
	await ensureTarball();
	await ensureRuntime();
}

/** Prints what came out, the sum last; 1 when something failed. */
function report(outcomes: ReadonlyMap<string, Outcome>, took: number): number {
	const total = sum([...outcomes.values()]);
	const retried = total.retried.join('\n  ');
	if (retried) say(`\nTried again, as the first try failed:\n  ${retried}`);
	say('');
	for (const name of LAYERS) {
		const outcome = outcomes.get(name);
		if (outcome) say(`${name.padEnd(8)}${summary(outcome)}`);
	}
	say(`\n${clock(took)} min\n${summary(total)}`);
	return total.failed > 0 ? 1 : 0;
}
