import { browserLayer } from './test/browser-layer';
import { jestLayer } from './test/jest-layer';
import { lint } from './test/lint';
import { main } from './lib/main';
import { say } from '../test/testbed/lib/progress';
import { NOTHING, add, fromCheck, summary, type Counts } from './test/counts';
import { checkTypes } from './test/types';

/** In the order of how soon they tell something. */
const LAYERS: Readonly<Record<string, (jestArgs: readonly string[]) => Promise<Counts>>> = {
	lint: async () => fromCheck(await lint()),
	types: async () => fromCheck(await checkTypes()),
	unit: async (args) => await jestLayer('unit', args),
	engine: async (args) => await jestLayer('engine', ['--runInBand', ...args]),
	e2e: async (args) => await jestLayer('e2e', ['--runInBand', ...args]),
	browser: async (args) => await browserLayer(args),
};

const USAGE = `Usage: npm test -- [--only <layer>[,<layer>…]] [-- <arguments for jest>]
Layers: ${Object.keys(LAYERS).join(', ')}`;

main(async () => {
	const { names, jestArgs } = readArguments(process.argv.slice(2));
	let total = NOTHING;
	for (const name of names) {
		say(`\n━━ ${name} ${'━'.repeat(70 - name.length)}\n`);
		// A failing layer does not hide what the next ones have to say.
		const counts = await LAYERS[name]?.(jestArgs);
		total = add(total, counts ?? NOTHING);
		if (counts) say(`\n${name}: ${summary(counts)}`);
	}
	say(`\n${summary(total)}`);
	return total.failed > 0 ? 1 : 0;
});

function readArguments(args: readonly string[]): { names: string[]; jestArgs: string[] } {
	const split = args.indexOf('--');
	const own = split === -1 ? args : args.slice(0, split);
	const jestArgs = split === -1 ? [] : args.slice(split + 1);
	const only = own.flatMap((arg, index) => {
		if (arg.startsWith('--only=')) return [arg.slice('--only='.length)];
		return own[index - 1] === '--only' ? [arg] : [];
	});
	const understood = own.every(
		(arg, index) => arg.startsWith('--only') || own[index - 1] === '--only',
	);
	const wanted = only.flatMap((list) => list.split(','));
	const unknown = wanted.filter((name) => !(name in LAYERS));
	if (!understood || unknown.length > 0) {
		throw new Error(`${unknown.map((name) => `No layer "${name}". `).join('')}${USAGE}`);
	}
	const names = Object.keys(LAYERS).filter((name) => only.length === 0 || wanted.includes(name));
	return { names, jestArgs };
}
