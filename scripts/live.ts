/** Holds the real service against what the node takes for granted; see docs/live.md. */
import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import manifest from '../package.json';
import { normalizeBaseUrl } from '../nodes/WaveSpeedInfiniteTalk/api/urls';
import { createClock } from '../nodes/WaveSpeedInfiniteTalk/n8n/clock';
import { heartbeat, say } from '../test/testbed/lib/progress';
import { main, readOptions } from './lib/main';
import { verdictLine } from './live/findings';
import { exitCode, runPass } from './live/pass';
import { recordingOf } from './live/recording';

const USAGE = `Usage: WAVESPEED_API_KEY=… npm run live [-- [--free] [--yes] [--save <file>] [--base-url <address>]]
  --free      only what costs nothing: no job is submitted
  --yes       submit the jobs without asking
  --save      write a recording without secrets
  --base-url  of the API; WAVESPEED_BASE_URL or https://api.wavespeed.ai unless given
Exit code: 0 no difference, 1 differences, 2 not run to its end.`;
const REAL_API = 'https://api.wavespeed.ai';
const NOT_RUN = 2;

main(async () => {
	const values = readOptions(USAGE, {
		free: { type: 'boolean', default: false },
		yes: { type: 'boolean', default: false },
		save: { type: 'string' },
		'base-url': { type: 'string' },
	});
	const { free, yes, save, 'base-url': address = process.env.WAVESPEED_BASE_URL } = values;
	const apiKey = (process.env.WAVESPEED_API_KEY ?? '').replace(/\s+/g, '');
	if (apiKey === '') {
		process.stderr.write(`The pass needs a key in WAVESPEED_API_KEY.\n${USAGE}\n`);
		return NOT_RUN;
	}
	const baseUrl = normalizeBaseUrl(address ?? REAL_API);
	const date = new Date().toISOString();
	say(`Live pass against ${baseUrl}${free ? ', only what is free' : ''}\n`);
	const stopHeartbeat = heartbeat('the pass', 30_000);
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
			return agreed;
		},
	}).finally(stopHeartbeat);
	if (result.notRun !== undefined) say(`\n${result.notRun}`);
	say('\ndocs/live.md says what each question means for the node.');
	if (save !== undefined) {
		const { version } = manifest;
		await writeFile(save, recordingOf(result, apiKey, { date, version, baseUrl }));
		say(`Recording: ${save} (look it over before you show it to anybody)`);
	}
	return exitCode(result);
});

/** Anything but yes, also the end of the input, is no. */
async function ask(question: string): Promise<boolean> {
	process.stdout.write(`${question} [y/N] `);
	const lines = createInterface({ input: process.stdin });
	for await (const answer of lines) return /^y(es)?$/i.test(answer.trim());
	return false;
}
