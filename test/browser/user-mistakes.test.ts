import { expect, it } from '@jest/globals';
import type { FaultRule, JobScript } from '../emulator/emulator';
import { CREDENTIAL_TYPE, FROM_NODES, media, useTestbed, type Parameters } from '../testbed';
import { describeInBrowser, openNode } from './support/browser';

/** A mistake that people are likely to make, and what docs/errors.md says that the panel shows. */
interface Mistake {
	readonly name: string;
	/** Beside those that are right. */
	readonly parameters?: Parameters;
	/** In the place of the right one. */
	readonly apiKey?: string;
	readonly fault?: FaultRule;
	readonly job?: JobScript;
	readonly title: RegExp;
	/** A word of the next step. */
	readonly advice: RegExp;
}

/** Stands for the origin of the emulator's web. */
const ON_THE_WEB = 'https://on-the-web.example';

const MISTAKES: readonly Mistake[] = [
	{
		name: 'The API key is wrong',
		apiKey: 'wsk_wrong',
		title: /^Unauthorized: the API key is invalid/,
		advice: /API Key in the WaveSpeed API credential/,
	},
	{
		name: 'No field has a file',
		parameters: {
			image: media('binary', 'image'),
			leftAudio: media('binary', 'left_audio'),
			rightAudio: media('binary', 'right_audio'),
		},
		title: /^Image, Left Audio, and Right Audio: the item has no binary fields of these names/,
		advice: /Left Audio: \{\{ \$\('Left voice'\)\.item\.binary\.data \}\}/,
	},
	{
		name: 'Picture and voice swapped',
		parameters: { image: media('binary', "={{ $('Left voice').item.binary.data }}") },
		title: /^Image: the file "left-tone\.wav" is a WAV file, not a picture/,
		advice: /swapped/,
	},
	{
		name: 'A private link',
		parameters: { leftAudio: media('url', `${ON_THE_WEB}/private/voice.mp3`) },
		fault: { on: 'web', do: { respond: { status: 403 } } },
		title: /^Left Audio: ".+" returned HTTP 403: the file is not public/,
		advice: /HTTP Request node/,
	},
	{
		name: 'The job takes longer than the timeout',
		parameters: { options: { timeoutMinutes: 0.1 } },
		job: { seconds: 'never' },
		title: /^The job did not finish within .+ \(job .+\)/,
		advice: /Get Result/,
	},
];

describeInBrowser('a mistake', () => {
	const testbed = useTestbed({ emulator: { jobSeconds: 0 }, editor: {} });
	const { client, emulator, editor } = testbed;

	it.each(MISTAKES)('$name: the panel shows it', async (mistake) => {
		const { parameters, apiKey = testbed.service.apiKey, fault, job } = mistake;
		if (fault) emulator.faults.add(fault);
		if (job) emulator.scriptJob(job);
		const given = JSON.stringify({ ...FROM_NODES, ...parameters });
		const there = JSON.parse(given.replaceAll(ON_THE_WEB, emulator.origins.web)) as Parameters;
		const credential = { ...testbed.service, apiKey };
		const use = [await client.createCredential(CREDENTIAL_TYPE, credential)];
		await openNode(testbed, there, { node: { use } });
		await editor.runStep();
		const { title, advice } = await editor.failure();
		expect(title).toMatch(mistake.title);
		expect(advice).toMatch(mistake.advice);
	});
});
