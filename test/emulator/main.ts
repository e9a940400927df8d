import { parseArgs } from 'node:util';
import { startEmulator, type EmulatorOptions } from './emulator';

const DEFAULT_PORT = 8787;

const HELP = `A local preview of the WaveSpeed API: real files and videos, no key, no cost, no lip sync.

  npm run emulator -- [options]

  --port <n>               port of the API on 127.0.0.1 (default ${DEFAULT_PORT}; 0: any free one)
  --option <name>=<value>  an option of test/emulator/options.ts, its value in JSON; may be repeated:
                           --option balance=5 --option jobSeconds=60 --option render='"stub"'
  --quiet                  print no events
  --help`;

const FLAGS = {
	port: { type: 'string', default: `${DEFAULT_PORT}` },
	option: { type: 'string', multiple: true, default: [] as string[] },
	quiet: { type: 'boolean' },
	help: { type: 'boolean' },
} as const;

function readOptions(pairs: string[]): Partial<EmulatorOptions> {
	const entries = pairs.map((pair) => {
		const [name = '', ...value] = pair.split('=');
		try {
			return [name, JSON.parse(value.join('='))] as const;
		} catch {
			throw new Error(`--option ${pair}: the value is not JSON`);
		}
	});
	return Object.fromEntries(entries) as Partial<EmulatorOptions>;
}

function print(line: string): void {
	console.log(`${new Date().toISOString().slice(11, 19)}  ${line}`);
}

async function main(): Promise<void> {
	const { port, option, quiet, help } = parseArgs({ options: FLAGS }).values;
	if (help) return console.log(HELP);
	const emulator = await startEmulator({
		...readOptions(option),
		port: Number(port),
		...(quiet ? {} : { log: print }),
	});
	let stopping = false;
	const stop = async () => {
		if (stopping) return;
		stopping = true;
		await emulator.close();
		process.exit(0);
	};
	for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(signal, () => void stop());
	if (process.send) process.send({ baseUrl: emulator.baseUrl });
	else console.log(greeting(emulator.baseUrl, emulator.settings.apiKey));
}

function greeting(baseUrl: string, key: string): string {
	return `
WaveSpeed emulator: a local preview WITHOUT LIP SYNC, no account, no cost.

  Base URL   ${baseUrl}
  API key    ${key}

In n8n, make a "WaveSpeed API" credential with these two values and run any workflow with the
WaveSpeed InfiniteTalk node. Everything it received:  ${baseUrl}/_emulator/state
Stop with Ctrl-C.
`;
}

main().catch((error: NodeJS.ErrnoException) => {
	const taken = error.code === 'EADDRINUSE';
	console.error(taken ? `${error.message}\nChoose another port with --port.` : error.message);
	process.exitCode = 1;
	process.disconnect?.();
});
