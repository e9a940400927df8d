import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { ROOT } from '../testbed/lib/paths';
import { errorOf } from '../testbed/n8n';
import { useTestbed } from '../testbed/jest/use-testbed';
import { createMistake, MISTAKES, titlePattern } from './support/mistakes';

const HUGE_BYTES = 201 * 1024 * 1024;

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });

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
	const error = errorOf(await testbed.run(await createMistake(testbed, mistake), 'error'));
	expect(error?.message).toMatch(titlePattern(mistake));
	expect(error?.description ?? '').toMatch(mistake.advice);
});

it('each mistake is in the table of docs/errors.md, with its title', async () => {
	const table = await readFile(path.join(ROOT, 'docs', 'errors.md'), 'utf8');
	const rows = table.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
	const missing = MISTAKES.filter(
		({ name, title }) => !rows.some((row) => row[1] === name && row[2] === title),
	);
	expect(missing.map(({ name }) => name)).toEqual([]);
});
