/** Media fields that were left as they are, and what they find by itself. */
import { expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { copyOf, leftVoice, pair, rightVoice, type TestFile } from './support/files';
import type { TestItem } from './support/nodes';
import { useEngine } from './support/testbed';
import { fromField } from './support/workflow';

const { emulator, engine } = useEngine();

const voice = (name: string) => copyOf(rightVoice, { name });
const only = (data: TestFile): TestItem[] => [{ files: { data } }];

async function run(
	before: Record<string, readonly TestItem[]>,
	files: Record<string, TestFile>,
	parameters: INodeParameters = {},
) {
	return await engine.run({
		before,
		items: [{ files }],
		parameters: { operation: 'submit', ...parameters },
	});
}

/** Name of the sent file by the field of the API. */
function sentFiles(): Record<string, string | undefined> {
	const body = emulator.requestsTo('submit')[0]?.body as Record<string, string>;
	const nameOf = (url: string) =>
		emulator.uploads().find(({ downloadUrl }) => downloadUrl === url)?.fileName;
	const { image, left_audio: left, right_audio: right, audio } = body;
	const given = Object.entries({ image, left, right, audio }).filter(([, url]) => url);
	return Object.fromEntries(given.map(([key, url]) => [key, nameOf(url!)]));
}

const ALL = { image: 'pair.png', left: 'left-voice.wav', right: 'right-voice.wav' };

const SAID = /Left Audio is left-voice\.wav,? and Right Audio is right-voice\.wav\. To use others/;

it.each<[string, Record<string, TestItem[]>, Record<string, TestFile>]>([
	[
		'nodes in a row, by the names of the files',
		{ Photo: only(pair), 'Voice 1': only(rightVoice) },
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
	expect(sentFiles()).toEqual(ALL);
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
	expect(sentFiles()).toEqual({ ...ALL, left: 'speech.wav' });
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
	const execution = await run({ Photo: only(pair) }, { data: leftVoice }, { speakers: 'one' });
	expect(execution.failure).toBeUndefined();
	expect(sentFiles()).toEqual({ image: 'pair.png', audio: 'left-voice.wav' });
});

it.each<[string, Record<string, TestItem[]>, Record<string, TestFile>, INodeParameters?]>([
	['two pictures', { Photo: only(pair), Logo: only(copyOf(pair)) }, { leftVoice, rightVoice }],
	[
		'two voices without a side',
		{ Photo: only(pair), Anna: only(voice('a.wav')) },
		{ b: leftVoice },
	],
	['"Bright" for a side', { Bright: only(voice('a.wav')) }, { pair, leftVoice }],
	['both sides in one name', {}, { pair, leftVoice, 'left or right': voice('a.wav') }],
	[
		'a name of the user',
		{ Photo: only(pair) },
		{ leftVoice, rightVoice },
		{ image: fromField('p') },
	],
	[
		'another node for an item with some names',
		{ Photo: only(pair) },
		{ leftVoice, right_audio: rightVoice },
	],
	['two voices for a single speaker', {}, { pair, leftVoice, rightVoice }, { speakers: 'one' }],
])('nothing is guessed from %s', async (_from, before, files, parameters = {}) => {
	const execution = await run(before, files, parameters);
	expect(execution.failure).toMatch(/the item has no binary field/);
	expect(emulator.requestsTo('submit')).toEqual([]);
});
