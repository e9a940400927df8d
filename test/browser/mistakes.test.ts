import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ROOT } from '../testbed/lib/paths';
import { CREDENTIAL, FROM_NODES, mediaNodes, talk } from '../e2e/support/bench';
import { errorOf, type StoredCredential } from '../testbed/n8n';
import { chain, manualTrigger, readFile as readFileNode, workflow } from '../testbed/workflow';
import { describeInBrowser, sitDown, type Desk } from './support/desk';
import { MISTAKES, type Mistake } from './support/mistakes';

const NODE = 'Make the video';
const HUGE_BYTES = 201 * 1024 * 1024;

describeInBrowser('a mistake', () => {
	let desk: Desk;

	beforeAll(async () => {
		desk = await sitDown({ jobSeconds: 0 });
		const write = async (name: string, text: string) =>
			await writeFile(path.join(desk.files, name), text);
		await write('note.txt', 'These are words, and nobody speaks them.');
		await write('voice.mp3', '<!DOCTYPE html><html><body>Please log in</body></html>');
		await write('empty.mp3', '');
		await write('huge.wav', 'RIFF');
		await truncate(path.join(desk.files, 'huge.wav'), HUGE_BYTES);
	});

	afterAll(async () => {
		await desk?.close();
	});

	it.each(MISTAKES)('$name: the error says what and what to do', async (mistake) => {
		const id = await desk.client.run(await prepare(desk, mistake), 'Start');
		const error = errorOf(await desk.client.waitFor(id, ['error']));
		expect(error?.message).toMatch(asPattern(mistake.title));
		expect(error?.description ?? '').toMatch(mistake.advice);
	});

	const seen = MISTAKES.filter(({ inPanel }) => inPanel);

	it.each(seen)('$name: the panel shows it', async (mistake) => {
		const { editor } = desk;
		await editor.openWorkflow(await prepare(desk, mistake));
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

async function prepare(desk: Desk, mistake: Mistake): Promise<string> {
	const { client, emulator, files } = desk;
	const { parameters, wrongFile = 'pair.png', settings, fault, job } = mistake;
	await emulator.reset();
	emulator.setOptions({ balance: 100, ...settings });
	if (fault) emulator.faults.add(fault);
	if (job) emulator.scriptJob(job);
	const wires = chain(
		manualTrigger(),
		...mediaNodes(desk),
		readFileNode('Wrong', path.join(files, wrongFile)),
		readFileNode('Last', path.join(files, 'pair.png')),
		talk(
			desk,
			NODE,
			{ ...FROM_NODES, ...parameters },
			{ use: [await credentialFor(desk, mistake)] },
		),
	);
	return (await client.createWorkflow(workflow(mistake.name, ...wires))).id;
}

async function credentialFor(desk: Desk, { credential }: Mistake): Promise<StoredCredential> {
	if (!credential) return desk.credential;
	const { apiKey } = desk.emulator.settings;
	const data = { apiKey, baseUrl: desk.emulator.baseUrl, ...credential };
	return await desk.client.createCredential(CREDENTIAL, data);
}

/** `…` in a title stands for what differs from run to run. */
function asPattern(title: string): RegExp {
	const escaped = title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+');
	return new RegExp(`^${escaped}( \\[item 0\\])?$`);
}
