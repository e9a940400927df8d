import { truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { errorOf, useTestbed } from '../testbed';
import { createMistake, MISTAKES, titlePattern } from './support/mistakes';

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });

beforeAll(async () => {
	const file = (name: string) => path.join(testbed.files, name);
	await writeFile(file('note.txt'), 'These are words, and nobody speaks them.');
	await writeFile(file('voice.mp3'), '<!DOCTYPE html><html><body>Please log in</body></html>');
	await writeFile(file('empty.mp3'), '');
	await writeFile(file('huge.wav'), 'RIFF');
	await truncate(file('huge.wav'), 201 * 1024 * 1024);
});

// The others are tried in the editor.
it.each(MISTAKES.filter(({ inPanel }) => !inPanel))(
	'$name: the error says what and what to do',
	async (mistake) => {
		const error = errorOf(await testbed.run(await createMistake(testbed, mistake), 'error'));
		expect(error?.message).toMatch(titlePattern(mistake));
		expect(error?.description ?? '').toMatch(mistake.advice);
	},
);
