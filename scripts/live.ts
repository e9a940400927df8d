/** Holds the real service against what the node takes for granted; see docs/live.md. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { normalizeBaseUrl } from '../nodes/WaveSpeedInfiniteTalk/api/urls';
import { createClock } from '../nodes/WaveSpeedInfiniteTalk/n8n/clock';
import { ROOT } from '../test/testbed/lib/paths';
import { heartbeat, say } from '../test/testbed/lib/progress';
import { main, readOptions } from './lib/main';
import { runPass } from './live/pass';
import { recordingOf } from './live/recording';
import { exitCode, summary, verdictLine } from './live/report';
import { ask } from './live/terminal';

const USAGE = `Usage: WAVESPEED_API_KEY=… npm run live [-- [--free] [--yes] [--save <file>] [--base-url <address>]]
  --free      only what costs nothing: no job is submitted
  --yes       submit the jobs without asking
  --save      write a recording without secrets
  --base-url  of the API; WAVESPEED_BASE_URL or https://api.wavespeed.ai unless given
Exit code: 0 no difference, 1 differences, 2 not run to its end.`;
const REAL_API = 'https://api.wavespeed.ai';
const NOT_RUN = 2;

main(async () => {
	let settings;
	try {
		settings = readSettings();
	} catch (error) {
		process.stderr.write(`${(error as Error).message}\n`);
		return NOT_RUN;
	}
	const { apiKey, baseUrl, free, yes, save } = settings;
	const date = new Date().toISOString();
	say(`Live pass against ${baseUrl}${free ? ', only what is free' : ''}\n`);
	let stopHeartbeat = () => {};
	const result = await runPass({
		apiKey,
		baseUrl,
		free,
		clock: createClock(new AbortController().signal),
		onVerdict: (verdict) => say(verdictLine(verdict)),
		async confirm(question) {
			say(`\n${question}`);
			const agreed = yes || (process.stdin.isTTY && (await ask('Submit them?')));
			if (!agreed && !process.stdin.isTTY) say('There is no terminal to ask on: use --yes.');
			if (agreed) stopHeartbeat = heartbeat('the jobs', 30_000);
			say('');
			return agreed;
		},
	}).finally(() => stopHeartbeat());
	say(`\n${summary(result).join('\n')}`);
	if (save !== undefined) {
		const { version } = JSON.parse(await readFile(path.join(ROOT, 'package.json'), 'utf8')) as {
			version: string;
		};
		await writeFile(save, recordingOf(result, { apiKey, baseUrl, date, version }));
		say(`\nRecording: ${save} (look it over before you show it to anybody)`);
	}
	return exitCode(result);
});

function readSettings() {
	const values = readOptions(USAGE, {
		free: { type: 'boolean', default: false },
		yes: { type: 'boolean', default: false },
		save: { type: 'string' },
		'base-url': { type: 'string' },
	});
	const apiKey = (process.env.WAVESPEED_API_KEY ?? '').replace(/\s+/g, '');
	if (apiKey === '') throw new Error(`The pass needs a key in WAVESPEED_API_KEY.\n${USAGE}`);
	const baseUrl = values['base-url'] ?? process.env.WAVESPEED_BASE_URL ?? REAL_API;
	return { ...values, apiKey, baseUrl: normalizeBaseUrl(baseUrl) };
}
