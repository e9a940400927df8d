/** Media fields that were left as they are, and what they find by itself. */
import { expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { copyOf, leftVoice, MEDIA_DIGESTS, pair, rightVoice, type TestFile } from './support/files';
import { sentDigests } from './support/cases';
import { useEngine } from './support/testbed';
import { fromField } from './support/workflow';

const { emulator, engine } = useEngine();

type Files = Record<string, TestFile>;

/** The files of nodes before, by the names of the nodes, and those of the item, by their fields. */
async function run(before: Files, files: Files, parameters: INodeParameters = {}) {
	const nodes = Object.entries(before).map(
		([node, data]) => [node, [{ files: { data } }]] as const,
	);
	return await engine.run({
		before: Object.fromEntries(nodes),
		items: [{ files }],
		parameters: { operation: 'submit', ...parameters },
	});
}

const voice = (name: string) => copyOf(rightVoice, { name });

const SAID = /Left Audio is left-voice\.wav,? and Right Audio is right-voice\.wav\. To use others/;

it.each<[string, Files, Files]>([
	[
		'nodes in a row, by the names of the files',
		{ Photo: pair, 'Voice 1': rightVoice },
		{ data: leftVoice },
	],
	[
		'a form, by the names of its fields',
		{},
		{ Photo: pair, Voice_left: leftVoice, speechRight: rightVoice },
	],
	[
		'an item that has one of the names, and the others in other words',
		{},
		{ image: pair, 'Left voice': leftVoice, 'Voice (right)': rightVoice },
	],
])('fields left as they are find the files of %s, and say so', async (_of, before, files) => {
	const execution = await run(before, files);
	expect(execution.failure).toBeUndefined();
	expect(sentDigests(emulator)).toEqual(MEDIA_DIGESTS);
	expect(execution.hints).toMatch(SAID);
});

it('a file that later nodes pass on counts once, with the node that gave it', async () => {
	const kept = ({ name, type, content }: TestFile) => {
		return { data: content.toString('base64'), mimeType: type, fileName: name };
	};
	const [photo, left] = [kept(pair), kept(copyOf(leftVoice, { name: 'speech.wav' }))];
	const before = { Photo: [{ binary: { photo } }], 'Left voice': [{ binary: { photo, a: left } }] };
	const execution = await engine.run({
		before,
		items: [{ files: { data: rightVoice }, binary: { photo, a: left } }],
		parameters: { operation: 'submit' },
	});
	expect(execution.failure).toBeUndefined();
	expect(sentDigests(emulator)).toEqual(MEDIA_DIGESTS);
	expect(execution.hints).toMatch(
		/Left Audio is speech\.wav,? and Right Audio is right-voice\.wav/,
	);
});

it('many items say once where their files are', async () => {
	const items = [1, 2].map((row) => ({
		json: { row },
		files: { Photo: copyOf(pair), left: copyOf(leftVoice), right: copyOf(rightVoice) },
	}));
	const execution = await engine.run({ items, parameters: { operation: 'submit' } });
	expect(execution.good).toHaveLength(2);
	const said =
		"Image is Photo of 'Files', Left Audio is left of 'Files', and Right Audio is right of 'Files'";
	expect(execution.hints.split(said)).toHaveLength(2);
});

it('a single speaker has the only picture and the only voice', async () => {
	const execution = await run({ Photo: pair }, { data: leftVoice }, { speakers: 'one' });
	expect(execution.failure).toBeUndefined();
	expect(sentDigests(emulator)).toEqual(MEDIA_DIGESTS.slice(0, 2));
});

it.each<[string, Files, Files, INodeParameters?]>([
	['two pictures', { Photo: pair, Logo: copyOf(pair) }, { leftVoice, rightVoice }],
	['two voices without a side', { Photo: pair, Anna: voice('a.wav') }, { b: leftVoice }],
	['"Bright" for a side', { Bright: voice('a.wav') }, { pair, leftVoice }],
	['both sides in one name', {}, { pair, leftVoice, 'left or right': voice('a.wav') }],
	['a name of the user', { Photo: pair }, { leftVoice, rightVoice }, { image: fromField('p') }],
	[
		'another node for an item with some names',
		{ Photo: pair },
		{ leftVoice, right_audio: rightVoice },
	],
	['two voices for a single speaker', {}, { pair, leftVoice, rightVoice }, { speakers: 'one' }],
])('nothing is guessed from %s', async (_from, before, files, parameters = {}) => {
	const execution = await run(before, files, parameters);
	expect(execution.failure).toMatch(/the item has no binary field/);
	expect(emulator.requestsTo('submit')).toEqual([]);
});
