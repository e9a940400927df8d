import { parseArgs } from 'node:util';
import { startEmulator, type EmulatorOptions } from './emulator';
import { defaultSettings } from './options';
import { MODEL } from './models';

const DEFAULT_PORT = 8787;

const HELP = `A local preview of the WaveSpeed API: real files and videos, no key, no cost, no lip sync.

  npm run emulator -- [options]

  --port <n>                 port of the API on 127.0.0.1 (default ${DEFAULT_PORT}; 0: any free one)
  --storage-port <n>         port of the upload host (default: any free one)
  --cdn-port <n>             port of the video host (default: any free one)
  --key <text>               the API key to accept (default ${defaultSettings.apiKey})
  --balance <usd>            credit at the start (default ${defaultSettings.balance})
  --job-seconds <n>          how long a job takes (default ${defaultSettings.jobSeconds})
  --render video|stub        real preview video, or a tiny grey one (default video)
  --requests-per-minute <n>  submissions per minute, 429 above it (default: no limit)
  --concurrent-jobs <n>      jobs at the same time, others wait (default: no limit)
  --padding <bytes>          make every video that much bigger
  --discard-uploads          do not keep what is uploaded, only count it
  --quiet                    print no events
  --help`;

const FLAGS = {
	port: { type: 'string' },
	'storage-port': { type: 'string' },
	'cdn-port': { type: 'string' },
	key: { type: 'string' },
	balance: { type: 'string' },
	'job-seconds': { type: 'string' },
	render: { type: 'string' },
	'requests-per-minute': { type: 'string' },
	'concurrent-jobs': { type: 'string' },
	padding: { type: 'string' },
	'discard-uploads': { type: 'boolean' },
	quiet: { type: 'boolean' },
	help: { type: 'boolean' },
} as const;

const flags = readFlags();

function readFlags() {
	try {
		return parseArgs({ options: FLAGS }).values;
	} catch (error) {
		console.error(`${(error as Error).message}\n\n${HELP}`);
		process.exit(1);
	}
}

type Flag = Exclude<keyof typeof flags, 'discard-uploads' | 'quiet' | 'help'>;

function number(flag: Flag): number | undefined {
	const text = flags[flag];
	if (text === undefined) return undefined;
	const value = Number(text);
	if (text.trim() === '' || !(value >= 0)) throw new Error(`--${flag} needs a number`);
	return value;
}

function optionsFromFlags(): EmulatorOptions {
	const { key, render } = flags;
	if (render !== undefined && render !== 'video' && render !== 'stub') {
		throw new Error('--render is video or stub');
	}
	return {
		ports: {
			api: number('port') ?? DEFAULT_PORT,
			storage: number('storage-port') ?? 0,
			cdn: number('cdn-port') ?? 0,
		},
		apiKey: key ?? defaultSettings.apiKey,
		balance: number('balance') ?? defaultSettings.balance,
		jobSeconds: number('job-seconds') ?? defaultSettings.jobSeconds,
		render: render ?? defaultSettings.render,
		requestsPerMinute: number('requests-per-minute') ?? null,
		concurrentJobs: number('concurrent-jobs') ?? null,
		videoPaddingBytes: number('padding') ?? 0,
		storeUploads: flags['discard-uploads'] ? 'discard' : 'disk',
		log: flags.quiet ? () => undefined : (line) => console.log(`${time()}  ${line}`),
	};
}

function time(): string {
	return new Date().toISOString().slice(11, 19);
}

async function main(): Promise<void> {
	if (flags.help) return console.log(HELP);
	const emulator = await startEmulator(optionsFromFlags());
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
WaveSpeed InfiniteTalk node. Or try it by hand:

  curl -H "Authorization: Bearer ${key}" ${baseUrl}/api/v3/balance
  (model ${MODEL})

Everything it received:  ${baseUrl}/_emulator/state
Stop with Ctrl-C.
`;
}

main().catch((error: NodeJS.ErrnoException) => {
	const taken = error.code === 'EADDRINUSE';
	console.error(taken ? `${error.message}\nChoose another port with --port.` : error.message);
	process.exitCode = 1;
	process.disconnect?.();
});
