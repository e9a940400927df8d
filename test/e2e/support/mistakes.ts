import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { EmulatorOptions, FaultRule, JobScript } from '../../emulator/emulator';
import { chain, CREDENTIAL_TYPE, FROM_NODES, manualTrigger, media, noOp } from '../../testbed';
import { readFile, ROOT, workflow, type Parameters, type Testbed } from '../../testbed';
import { NODE } from './video-workflow';

/** A mistake or mishap that people are likely to meet, and how to bring it about. */
export interface Mistake {
	/** As the tables in docs/errors.md call it; they have its title as well. */
	readonly name: string;
	/** A word of the next step. */
	readonly advice: RegExp;
	/** Looked at in the editor's panel, too. */
	readonly inPanel?: true;
	readonly parameters?: Parameters;
	/** The file in the place of a right one. */
	readonly wrongFile?: string;
	/** What differs from a good credential. */
	readonly credential?: { readonly apiKey: string };
	readonly settings?: EmulatorOptions;
	readonly fault?: FaultRule;
	readonly job?: JobScript;
}

/** Stands for the origin of the emulator's web. */
const ON_THE_WEB = 'https://on-the-web.example';
const wrong = media('binary', "={{ $('Wrong').first().binary.data }}");

/**
 * Those in which n8n has a part: its expressions, its files, its credential, its panel. That each message of the
 * code is in docs/errors.md, and each title of docs/errors.md in the code, is a test of its own.
 */
export const MISTAKES: readonly Mistake[] = [
	{
		name: 'The API key is empty',
		inPanel: true,
		advice: /paste your key/,
		credential: { apiKey: '' },
	},
	{
		name: 'The API key is wrong',
		inPanel: true,
		advice: /API Key in the WaveSpeed API credential/,
		credential: { apiKey: 'wsk_wrong' },
	},
	{
		name: 'The account has no credit',
		advice: /Top up/,
		settings: { balance: 0 },
	},
	{
		name: 'The item has no such field',
		inPanel: true,
		advice: /\$\('Picture'\)\.item\.binary\.data/,
		parameters: { image: media('binary', 'picture') },
	},
	{
		name: 'No field has a file',
		inPanel: true,
		advice: /Left Audio: \{\{ \$\('Left voice'\)\.item\.binary\.data \}\}/,
		parameters: {
			image: media('binary', 'image'),
			leftAudio: media('binary', 'left_audio'),
			rightAudio: media('binary', 'right_audio'),
		},
	},
	{
		name: 'A node that has not run',
		advice: /in a row/,
		parameters: { image: media('binary', "={{ $('Later').item.binary.data }}") },
	},
	{
		name: 'The expression gives no file',
		advice: /expression/,
		parameters: { image: media('binary', '={{ $json.picture }}') },
	},
	{
		name: 'Text in place of a voice',
		advice: /MP3/,
		parameters: { leftAudio: wrong },
		wrongFile: 'note.txt',
	},
	{
		name: 'A login page saved as MP3',
		advice: /login/,
		parameters: { leftAudio: wrong },
		wrongFile: 'voice.mp3',
	},
	{
		name: 'Picture and voice swapped (Merge)',
		inPanel: true,
		advice: /swapped/,
		parameters: { image: wrong },
		wrongFile: 'left-tone.wav',
	},
	{
		name: 'An empty file',
		advice: /no content/,
		parameters: { rightAudio: wrong },
		wrongFile: 'empty.mp3',
	},
	{
		name: 'A file of more than 200 MiB',
		advice: /smaller/,
		parameters: { rightAudio: wrong },
		wrongFile: 'huge.wav',
	},
	{
		name: 'A private link',
		inPanel: true,
		advice: /HTTP Request node/,
		parameters: { leftAudio: media('url', `${ON_THE_WEB}/private/voice.mp3`) },
		fault: { on: 'web', do: { respond: { status: 403 } } },
	},
	{
		name: 'A share page instead of a file',
		advice: /HTTP Request node/,
		parameters: { leftAudio: media('url', `${ON_THE_WEB}/share`) },
		fault: { on: 'web', do: { respond: { status: 200, body: '<html>Sign in</html>' } } },
	},
	{
		name: 'An expression that is not rendered',
		advice: /Expression/,
		parameters: { image: media('url', '{{ $json.url }}') },
	},
	{
		name: 'The job belongs to another account or is older than 7 days',
		advice: /another account/,
		parameters: { operation: 'getResult', predictionId: 'e6832d4abffb4d79bfbca19783fca133' },
	},
	{
		name: 'The job was stopped at WaveSpeed',
		advice: /does not promise a refund/,
		job: { end: { status: 'cancelled' } },
	},
	{
		name: 'The job takes longer than the timeout',
		inPanel: true,
		advice: /Get Result/,
		parameters: { options: { timeoutMinutes: 0.1 } },
		job: { seconds: 'never' },
	},
];

/** Saves a workflow in which our node meets a mistake, and gives its ID. */
export async function createMistake(testbed: Testbed, mistake: Mistake): Promise<string> {
	const { client, emulator, files } = testbed;
	const { parameters, wrongFile = 'pair.png', settings, fault, job } = mistake;
	if (settings) emulator.setOptions(settings);
	if (fault) emulator.faults.add(fault);
	if (job) emulator.scriptJob(job);
	const credential = { ...testbed.service, ...mistake.credential };
	const use = [await client.createCredential(CREDENTIAL_TYPE, credential)];
	const given = JSON.stringify({ ...FROM_NODES, ...parameters });
	const there = JSON.parse(given.replaceAll(ON_THE_WEB, emulator.origins.web)) as Parameters;
	const wires = chain(
		manualTrigger(),
		...testbed.mediaNodes(),
		readFile('Wrong', path.join(files, wrongFile)),
		readFile('Last', path.join(files, 'pair.png')),
		testbed.videoNode(NODE, there, { use }),
		noOp('Later'),
	);
	return (await client.createWorkflow(workflow(mistake.name, ...wires))).id;
}

const ROWS = readFileSync(path.join(ROOT, 'docs', 'errors.md'), 'utf8')
	.split('\n')
	.map((line) => line.split('|').map((cell) => cell.trim()));

/** What the whole title looks like, which docs/errors.md has without what differs from run to run. */
export function titlePattern({ name }: Mistake): RegExp {
	const title = ROWS.find((cells) => cells[1] === name)?.[2];
	if (title === undefined) throw new Error(`docs/errors.md has no row "${name}"`);
	const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+');
	return new RegExp(`^${escaped}( \\[item 1\\])?$`);
}
