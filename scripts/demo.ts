import { parseArgs } from 'node:util';
import path from 'node:path';
import { startDemo } from './demo/demo';
import { main } from './lib/main';
import { ROOT } from '../test/testbed/lib/paths';

const USAGE = `Usage: npm run demo [-- [--once] [--port <number>] [--example <file>]]
  --once     end after the video is written
  --port     port of n8n's editor, 5678 or a free one unless given
  --example  workflow to run, examples/files-to-video.json unless given
Set WAVESPEED_API_KEY to use the real service (your account is charged) instead of the emulator.`;

main(async () => {
	const { once, port, example } = readArguments();
	const apiKey = process.env.WAVESPEED_API_KEY?.trim();
	return await startDemo({
		once,
		example,
		...(port === undefined ? {} : { port }),
		...(apiKey ? { apiKey } : {}),
	});
});

function readArguments(): { once: boolean; port: number | undefined; example: string } {
	try {
		const { values } = parseArgs({
			options: {
				once: { type: 'boolean', default: false },
				port: { type: 'string' },
				example: { type: 'string', default: path.join(ROOT, 'examples', 'files-to-video.json') },
			},
		});
		const port = values.port === undefined ? undefined : Number(values.port);
		if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
			throw new Error(`"${values.port}" is not a port.`);
		}
		return { once: values.once, port, example: path.resolve(values.example) };
	} catch (error) {
		throw new Error(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`, {
			cause: error,
		});
	}
}
