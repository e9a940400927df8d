import { expect, it } from '@jest/globals';
import type { JobScript } from '../emulator/emulator';
import { CREDENTIAL_TYPE, FROM_NODES, media, useTestbed, type Parameters } from '../testbed';
import { describeInBrowser, openNode } from './support/browser';

/** A mistake that people are likely to make, and what docs/errors.md says that the panel shows. */
interface Mistake {
	readonly name: string;
	/** Beside those that are right. */
	readonly parameters?: Parameters;
	/** In the place of the right one. */
	readonly apiKey?: string;
	readonly job?: JobScript;
	readonly title: RegExp;
	/** A word of the next step. */
	readonly advice: RegExp;
}

const MISTAKES: readonly Mistake[] = [
	{
		name: 'The API key is wrong',
		apiKey: 'wsk_wrong',
		title: /^Unauthorized: the API key is invalid/,
		advice: /API Key in the WaveSpeed API credential/,
	},
	{
		name: 'Picture and voice swapped',
		parameters: { image: media('binary', "={{ $('Left voice').item.binary.data }}") },
		title: /^Image: the file "left-tone\.wav" is a WAV file, not a picture/,
		advice: /swapped/,
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
		const { parameters, apiKey = testbed.service.apiKey, job } = mistake;
		if (job) emulator.scriptJob(job);
		const credential = { ...testbed.service, apiKey };
		const use = [await client.createCredential(CREDENTIAL_TYPE, credential)];
		await openNode(testbed, { ...FROM_NODES, ...parameters }, { node: { use } });
		await editor.runStep();
		const { title, advice } = await editor.failure();
		expect(title).toMatch(mistake.title);
		expect(advice).toMatch(mistake.advice);
	});
});
