import path from 'node:path';
import type { EmulatorOptions, FaultRule, JobScript } from '../../emulator/emulator';
import { defaultSettings } from '../../emulator/options';
import type { Testbed } from '../../testbed/testbed';
import { CREDENTIAL_TYPE, FROM_NODES, media } from '../../testbed/video-node';
import {
	chain,
	manualTrigger,
	noOp,
	readFile,
	workflow,
	type Parameters,
} from '../../testbed/workflow';
import { NODE } from './video-workflow';

/** A mistake or mishap that people are likely to meet, and how to bring it about. */
export interface Mistake {
	/** As the table in docs/errors.md says it. */
	readonly name: string;
	/** What the panel says in red; docs/errors.md has it without what differs from run to run. */
	readonly title: string;
	/** A word of the next step. */
	readonly advice: RegExp;
	/** Looked at in the editor's panel, too. */
	readonly inPanel?: true;
	readonly parameters?: Parameters;
	/** The file in the place of a right one. */
	readonly wrongFile?: string;
	/** What differs from a good credential. */
	readonly credential?: { readonly apiKey?: string; readonly baseUrl?: string };
	readonly settings?: EmulatorOptions;
	readonly fault?: FaultRule;
	readonly job?: JobScript;
}

/** Stands for the origin of the emulator's web. */
const ON_THE_WEB = 'https://on-the-web.example';
const wrong = media('binary', "={{ $('Wrong').first().binary.data }}");

/** `…` stands for what differs from run to run. */
export const MISTAKES: readonly Mistake[] = [
	{
		name: 'The API key is empty',
		inPanel: true,
		title: 'The API Key in the WaveSpeed API credential is empty',
		advice: /paste your key/,
		credential: { apiKey: '' },
	},
	{
		name: 'The API key is wrong',
		inPanel: true,
		title: 'Unauthorized: the API key is invalid',
		advice: /API Key in the WaveSpeed API credential/,
		credential: { apiKey: 'wsk_wrong' },
	},
	{
		name: 'The account has no credit',
		title: 'Insufficient credits. Please top up your account.',
		advice: /Top up/,
		settings: { balance: 0 },
	},
	{
		name: 'The Base URL is wrong',
		title: 'Image: WaveSpeed could not be reached: the connection was refused',
		advice: /Base URL/,
		credential: { baseUrl: 'http://127.0.0.1:9' },
	},
	{
		name: 'The item has no such field',
		inPanel: true,
		title: 'Image: the item has no binary field "picture"',
		advice: /\$\('Picture'\)\.item\.binary\.data/,
		parameters: { image: media('binary', 'picture') },
	},
	{
		name: 'No field has a file',
		inPanel: true,
		title: 'Image, Left Audio and Right Audio: the item has no binary fields of these names',
		advice: /Left Audio: \{\{ \$\('Left voice'\)\.item\.binary\.data \}\}/,
		parameters: {
			image: media('binary', 'image'),
			leftAudio: media('binary', 'left_audio'),
			rightAudio: media('binary', 'right_audio'),
		},
	},
	{
		name: 'A node that has not run',
		title: "Image: 'Later' has not run yet",
		advice: /in a row/,
		parameters: { image: media('binary', "={{ $('Later').item.binary.data }}") },
	},
	{
		name: 'The expression gives no file',
		title: 'Image: the expression gives nothing',
		advice: /expression/,
		parameters: { image: media('binary', '={{ $json.picture }}') },
	},
	{
		name: 'The expression gives an object',
		title: 'Image: the expression gives an object that is not a file',
		advice: /expression/,
		parameters: { image: media('binary', '={{ { a: 1 } }}') },
	},
	{
		name: 'Text in place of a voice',
		title: 'Left Audio: the file "note.txt" is plain text, not a sound file',
		advice: /MP3/,
		parameters: { leftAudio: wrong },
		wrongFile: 'note.txt',
	},
	{
		name: 'A login page saved as MP3',
		title: 'Left Audio: the file "voice.mp3" is a web page (HTML), not a sound file',
		advice: /login/,
		parameters: { leftAudio: wrong },
		wrongFile: 'voice.mp3',
	},
	{
		name: 'Picture and voice swapped (Merge)',
		inPanel: true,
		title: 'Image: the file "left-tone.wav" is a WAV file, not a picture',
		advice: /swapped/,
		parameters: { image: wrong },
		wrongFile: 'left-tone.wav',
	},
	{
		name: 'A picture in place of a voice (Merge)',
		title: 'Right Audio: the file "pair.png" is a PNG picture, not a sound file',
		advice: /swapped/,
		parameters: { rightAudio: wrong },
		wrongFile: 'pair.png',
	},
	{
		name: 'An empty file',
		title: 'Right Audio: the file "empty.mp3" is empty',
		advice: /no content/,
		parameters: { rightAudio: wrong },
		wrongFile: 'empty.mp3',
	},
	{
		name: 'A file of more than 200 MiB',
		title:
			'Right Audio: the file "huge.wav" is too large: 201 MiB, and at most 200 MiB can be uploaded',
		advice: /smaller/,
		parameters: { rightAudio: wrong },
		wrongFile: 'huge.wav',
	},
	{
		name: 'A private link',
		inPanel: true,
		title: 'Left Audio: "…" returned HTTP 403: the file is not public',
		advice: /HTTP Request node/,
		parameters: { leftAudio: media('url', `${ON_THE_WEB}/private/voice.mp3`) },
		fault: { on: 'web', do: { respond: { status: 403 } } },
	},
	{
		name: 'A data: URL',
		title: 'Image: a data: URL is not fetched',
		advice: /File/,
		parameters: { image: media('url', 'data:image/png;base64,iVBORw0KGgo=') },
	},
	{
		name: 'A share page instead of a file',
		title: 'Left Audio: "…" answered with a web page (HTML), not a file',
		advice: /HTTP Request node/,
		parameters: { leftAudio: media('url', `${ON_THE_WEB}/share`) },
		fault: { on: 'web', do: { respond: { status: 200, body: '<html>Sign in</html>' } } },
	},
	{
		name: 'An address of your own network',
		title: 'Image: minio:9000 is an address of your own network, which a URL may not lead to',
		advice: /to File/,
		parameters: { image: media('url', 'http://minio:9000/b/pair.png') },
	},
	{
		name: 'The prompt is an object',
		title: 'Prompt: the expression gives an object, not a text',
		advice: /\$json\.prompt/,
		parameters: { prompt: '={{ $json }}' },
	},
	{
		name: 'An expression that is not rendered',
		title: 'Image: "{{ $json.url }}" is an expression without a result',
		advice: /Expression/,
		parameters: { image: media('url', '{{ $json.url }}') },
	},
	{
		name: 'The seed is out of range',
		title: 'Seed: 3000000000 is not a whole number from -1 to 2147483647',
		advice: /-1/,
		parameters: { options: { seed: '={{ 3000000000 }}' } },
	},
	{
		name: 'The job belongs to another account or is older than 7 days',
		title: 'Prediction not found (job …)',
		advice: /another account/,
		parameters: { operation: 'getResult', predictionId: 'e6832d4abffb4d79bfbca19783fca133' },
	},
	{
		name: 'Not a job ID',
		title: 'Job ID: "https://example.com/video.mp4" is not a job ID',
		advice: /Submit/,
		parameters: { operation: 'getResult', predictionId: 'https://example.com/video.mp4' },
	},
	{
		name: 'The content check rejected the inputs',
		title: 'Content policy violation (job …)',
		advice: /content check/,
		job: { end: { status: 'failed', code: 1200, error: 'Content policy violation' } },
	},
	{
		name: 'The job was canceled at WaveSpeed',
		title: 'The job was canceled at WaveSpeed (job …)',
		advice: /does not promise a refund/,
		job: { end: { status: 'cancelled' } },
	},
	{
		name: 'The job takes longer than the timeout',
		inPanel: true,
		title: 'The job did not finish within … (job …)',
		advice: /Get Result/,
		parameters: { options: { timeoutMinutes: 0.1 } },
		job: { seconds: 'never' },
	},
	{
		name: 'The video cannot be downloaded',
		title: 'The video is finished but could not be downloaded: … returned HTTP 404 (job …)',
		advice: /stays at/,
		fault: { on: 'download', times: 'always', do: { respond: { status: 404 } } },
	},
	{
		name: 'Max Cost is not an amount',
		title: 'Max Cost (USD): "a dollar" is not an amount of money',
		advice: /US dollars/,
		parameters: { options: { maxCost: '={{ "a dollar" }}' } },
	},
	{
		name: 'The job costs more than Max Cost',
		title: 'Max Cost (USD): the job would cost $…, but the limit is $0.01',
		advice: /Raise the limit/,
		parameters: { options: { maxCost: 0.01 } },
	},
	{
		name: 'The run costs more than Max Cost per Run',
		title:
			'Max Cost per Run (USD): the job would cost $… and bring the total from $0.00 to $…, but the limit is $0.01',
		advice: /fewer items/,
		parameters: { options: { maxCostPerRun: 0.01 } },
	},
	{
		name: 'No price for Max Cost',
		title: 'Max Cost (USD): could not get the price of the job: …',
		advice: /Nothing was submitted/,
		parameters: { options: { maxCost: 1 } },
		fault: { on: 'price', do: { respond: { status: 400 } } },
	},
	{
		name: 'Only the floor price for Max Cost',
		title:
			'Max Cost (USD): WaveSpeed returned only its floor price ($…), probably because it could not measure the voices',
		advice: /WAV or MP3/,
		parameters: {
			leftAudio: media('url', `${ON_THE_WEB}/left-voice.wav`),
			rightAudio: media('url', `${ON_THE_WEB}/right-voice.wav`),
			order: 'left_right',
			options: { maxCost: 0.1 },
		},
		fault: { on: 'price', do: { patchData: { price: 0.075, discounted_price: 0.075 } } },
	},
	{
		name: 'The balance is below the price',
		title: 'The account has $0.01 left, but the job would cost $…',
		advice: /top-up/,
		parameters: { options: { maxCost: 1 } },
		settings: { balance: 0.01 },
	},
	{
		name: 'The key lacks a permission',
		title: 'Permission denied: this API key has no right to submit',
		advice: /lacks a permission/,
		settings: { keys: { [defaultSettings.apiKey]: { denied: ['submit'] } } },
	},
];

/** Saves a workflow in which our node meets a mistake, and gives its ID. */
export async function createMistake(testbed: Testbed, mistake: Mistake): Promise<string> {
	const { client, emulator, files } = testbed;
	const { parameters, wrongFile = 'pair.png', settings, fault, job } = mistake;
	if (settings) emulator.setOptions(settings);
	if (fault) emulator.faults.add(fault);
	if (job) emulator.scriptJob(job);
	const { apiKey } = emulator.settings;
	const credential = { apiKey, baseUrl: emulator.baseUrl, ...mistake.credential };
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

/** What the whole title looks like. */
export function titlePattern({ title }: Mistake): RegExp {
	const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+');
	return new RegExp(`^${escaped}( \\[item 1\\])?$`);
}
