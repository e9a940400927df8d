import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { ROOT } from '../testbed/lib/paths';
import { errorOf, type StoredCredential } from '../testbed/n8n';
import {
	chain,
	manualTrigger,
	noOp,
	readFile as readFileNode,
	workflow,
} from '../testbed/workflow';
import { describeInBrowser } from './support/browser';
import { COST_MISTAKES } from './support/cost-mistakes';
import { MISTAKES as OTHERS, type Mistake } from './support/user-mistakes';
import type { Testbed } from '../testbed/testbed';
import { useTestbed } from '../testbed/jest/use-testbed';
import { CREDENTIAL_TYPE, FROM_NODES } from '../testbed/video-node';

const NODE = 'Make the video';
const MISTAKES = [...OTHERS, ...COST_MISTAKES];
const HUGE_BYTES = 201 * 1024 * 1024;

describeInBrowser('a mistake', () => {
	const testbed = useTestbed({ emulator: { jobSeconds: 0 }, editor: {} });

	beforeAll(async () => {
		const write = async (name: string, text: string) =>
			await writeFile(path.join(testbed.files, name), text);
		await write('note.txt', 'These are words, and nobody speaks them.');
		await write('voice.mp3', '<!DOCTYPE html><html><body>Please log in</body></html>');
		await write('empty.mp3', '');
		await write('huge.wav', 'RIFF');
		await truncate(path.join(testbed.files, 'huge.wav'), HUGE_BYTES);
	});

	it.each(MISTAKES)('$name: the error says what and what to do', async (mistake) => {
		const id = await testbed.client.run(await prepare(testbed, mistake), 'Start');
		const error = errorOf(await testbed.client.waitFor(id, ['error']));
		expect(error?.message).toMatch(asPattern(mistake.title));
		expect(error?.description ?? '').toMatch(mistake.advice);
	});

	const seen = MISTAKES.filter(({ inPanel }) => inPanel);

	it.each(seen)('$name: the panel shows it', async (mistake) => {
		const { editor } = testbed;
		await editor.openWorkflow(await prepare(testbed, mistake));
		await editor.openNode(NODE);
		await editor.runStep();
		const { title, advice } = await editor.failure();
		expect(title).toMatch(asPattern(mistake.title));
		expect(advice).toMatch(mistake.advice);
	});

	it('is in the table of docs/errors.md, with its title', async () => {
		const table = await readFile(path.join(ROOT, 'docs', 'errors.md'), 'utf8');
		const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
		const missing = MISTAKES.filter(
			({ name, title }) => !rows.some((row) => row[1] === name && row[2] === title),
		);
		expect(missing.map(({ name }) => name)).toEqual([]);
	});
});

async function prepare(testbed: Testbed, mistake: Mistake): Promise<string> {
	const { client, emulator, files } = testbed;
	const { parameters, wrongFile = 'pair.png', settings, fault, job } = mistake;
	if (settings) emulator.setOptions(settings);
	if (fault) emulator.faults.add(fault);
	if (job) emulator.scriptJob(job);
	const wires = chain(
		manualTrigger(),
		...testbed.mediaNodes(),
		readFileNode('Wrong', path.join(files, wrongFile)),
		readFileNode('Last', path.join(files, 'pair.png')),
		testbed.videoNode(
			NODE,
			{ ...FROM_NODES, ...parameters },
			{ use: [await credentialFor(testbed, mistake)] },
		),
		noOp('Later'),
	);
	return (await client.createWorkflow(workflow(mistake.name, ...wires))).id;
}

async function credentialFor(testbed: Testbed, { credential }: Mistake): Promise<StoredCredential> {
	if (!credential) return testbed.credential;
	const { apiKey } = testbed.emulator.settings;
	const data = { apiKey, baseUrl: testbed.emulator.baseUrl, ...credential };
	return await testbed.client.createCredential(CREDENTIAL_TYPE, data);
}

/** `…` in a title stands for what differs from run to run. */
function asPattern(title: string): RegExp {
	const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+');
	return new RegExp(`^${escaped}( \\[item 1\\])?$`);
}
