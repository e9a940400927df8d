import { parseArgs } from 'node:util';
import { clock, say } from '../test/testbed/lib/progress';
import { ensureTarball } from '../test/testbed/n8n/package';
import { ensureRuntime } from '../test/testbed/n8n/runtime';
import { main } from './lib/main';
import { sum, summary, type Outcome } from './test/counts';
import { STAGES } from './test/layers';

const LAYERS = STAGES.flat().flatMap(({ layers }) => layers);

const USAGE = `Usage: npm test -- [--only <layer>[,<layer>…]] [-- <arguments for jest>]
Layers: ${LAYERS.join(', ')}`;

main(async () => {
	const { chosen, jestArgs } = readArguments(process.argv.slice(2));
	const started = Date.now();
	// Installed beside the first stage; a failure is told by the layers that need it.
	const prepared = Promise.allSettled(['e2e', 'browser'].some(isIn(chosen)) ? [prepare()] : []);
	const outcomes: Outcome[] = [];
	for (const stage of STAGES) {
		const tasks = stage
			.map(({ layers, run }) => ({ layers: layers.filter(isIn(chosen)), run }))
			.filter(({ layers }) => layers.length > 0);
		if (stage !== STAGES[0]) await prepared;
		const running = tasks.map(async ({ layers, run }) => {
			const name = layers.join('+');
			// A failing layer does not hide what the others have to say.
			const onLine = tasks.length > 1 ? (line: string) => say(`${name} │ ${line}`) : undefined;
			const outcome = await run(layers, jestArgs, onLine);
			outcomes.push(outcome);
		});
		await Promise.all(running);
	}
	return report(outcomes, Date.now() - started);
});

async function prepare(): Promise<void> {
	await ensureTarball();
	await ensureRuntime();
}

/** Prints what came out, the sum last; 1 when something failed. */
function report(outcomes: readonly Outcome[], took: number): number {
	const layers = Object.assign(
		{},
		...outcomes.map((outcome) => outcome.layers),
	) as Outcome['layers'];
	const retried = outcomes.flatMap((outcome) => outcome.retried);
	if (retried.length > 0) say(`\nTried again, as the first try failed:\n  ${retried.join('\n  ')}`);
	say('');
	for (const name of LAYERS) {
		const counts = layers[name];
		if (counts) say(`${name.padEnd(8)}${summary(counts)}`);
	}
	const total = sum(Object.values(layers));
	say(`\n${clock(took)} min\n${summary(total)}`);
	return total.failed > 0 ? 1 : 0;
}

function isIn(chosen: readonly string[]): (name: string) => boolean {
	return (name) => chosen.includes(name);
}

function readArguments(args: readonly string[]): { chosen: string[]; jestArgs: string[] } {
	const end = args.includes('--') ? args.indexOf('--') : args.length;
	try {
		const { values } = parseArgs({
			args: args.slice(0, end),
			options: { only: { type: 'string', multiple: true } },
		});
		const chosen = values.only?.flatMap((list) => list.split(',')) ?? LAYERS;
		const unknown = chosen.find((name) => !LAYERS.includes(name));
		if (unknown !== undefined) throw new Error(`No layer "${unknown}".`);
		return { chosen, jestArgs: args.slice(end + 1) };
	} catch (error) {
		throw new Error(`${(error as Error).message}\n${USAGE}`, { cause: error });
	}
}
