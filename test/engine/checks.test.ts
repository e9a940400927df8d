/** Everything that can be wrong with an item is found before anything is sent or spent. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import {
	copyOf,
	file,
	leftVoice,
	mediaFixtures,
	ownMediaFixtures,
	pair,
	rightVoice,
	type TestFile,
} from './support/files';
import type { RunOptions } from './support/engine';
import { useEngine } from './support/testbed';
import { fromField, fromUrl } from './support/workflow';

const { emulator, engine } = useEngine();

const SILENCE = { __rl: true, mode: 'silence', value: '' };
const html = '<!DOCTYPE html><html><body>Please log in</body></html>';

/** What is wrong, the beginning of the message (field and cause), and the next step in the description. */
type Row = [what: string, RunOptions, message: string, advice: string];

const given = (parameters: INodeParameters): RunOptions => ({ parameters });
const withFiles = (files: Record<string, TestFile>): RunOptions => ({ items: [{ files }] });
const withPicture = (image: unknown): RunOptions => ({
	items: [{ files: { left_audio: leftVoice, right_audio: leftVoice }, binary: { image } }],
});
/** The three files in nodes in a row, each under the name "data". */
const inRow = (parameters: INodeParameters): RunOptions => ({
	before: {
		Picture: [{ files: { data: pair } }],
		"Anna's voice": [{ files: { data: leftVoice } }],
	},
	items: [{ files: { data: rightVoice } }],
	parameters: { leftAudio: fromField('data'), rightAudio: fromField('data'), ...parameters },
});

const wrong: Row[] = [
	[
		'a missing field',
		withFiles({ picture: pair, left_audio: leftVoice }),
		'Image and Right Audio: the item has no binary fields of these names',
		'"picture" (pair.png, image/png), "left_audio" (left-voice.wav, audio/wav)',
	],
	[
		'no files at all',
		withFiles({}),
		'Image, Left Audio, and Right Audio: no file reaches this node',
		'outputs no file',
	],
	[
		'a web page as a voice',
		withFiles({ ...mediaFixtures, right_audio: file('voice.mp3', 'audio/mpeg', html) }),
		'Right Audio: the file "voice.mp3" is a web page (HTML), not a sound file',
		'login',
	],
	...[
		['={{ $json.missing }}', 'the URL is empty', 'to File'],
		[
			'http://minio:9000/b/a.png',
			'"http://minio:9000/b/a.png" points to a private network (minio:9000)',
			'switch Image to File',
		],
	].map(
		([url, cause, advice]): Row => [
			`the URL ${url}`,
			given({ image: fromUrl(url!) }),
			`Image: ${cause}`,
			advice!,
		],
	),
	...[
		[
			'a megabyte of base64',
			Buffer.alloc(750_000, 'abcdef').toString('base64'),
			'the field contains base64 text, not a file name',
			'Convert to File',
		],
		[
			'a data: address',
			`data:image/png;base64,${'QUJD'.repeat(250_000)}`,
			'the field contains a data: URL, not a file name',
			'only the part after "base64,"',
		],
		[
			'an expression in a field that is set to Fixed',
			"{{ $('Picture').item.binary.data }}",
			'the field contains an expression as plain text, not a file name',
			'The field is set to Fixed: click Expression above the field.',
		],
		[
			'words that somebody is to say',
			'Hello Anna, how are you today?',
			'the field contains text, not a file name',
			'use a text-to-speech node first',
		],
		[
			'a Buffer by expression',
			'={{ { type: "Buffer", data: [1, 2, 3] } }}',
			'the expression returns a Buffer as JSON, not a file',
			'prepareBinaryData',
		],
		[
			'an object that is not a file',
			'={{ { a: 1 } }}',
			'the expression returns an object that is not a file',
			'Enter the name of one in Left Audio',
		],
		[
			'an expression without a result',
			'={{ $json.nothing }}',
			'the expression returns nothing',
			'binary field',
		],
	].map(
		([what, value, cause, advice]): Row => [
			what!,
			given({ leftAudio: fromField(value!) }),
			`Left Audio: ${cause}`,
			advice!,
		],
	),
	[
		'silence for both',
		given({ leftAudio: SILENCE, rightAudio: SILENCE }),
		'Left Audio and Right Audio are both set to Silence',
		'at least one',
	],
	[
		'a wrong prompt beside media by URL',
		given({ image: fromUrl('https://files.example/a.png'), prompt: '={{ 42 }}' }),
		'Prompt: the expression returns a number, not text',
		'one text field',
	],
	[
		'two wrong fields and a wrong order at once',
		{
			...withFiles({ ...mediaFixtures, left_audio: pair }),
			...given({ image: fromField('picture'), order: '={{ "both" }}' }),
		},
		'Image: the item has no binary field "picture". Left Audio: the file "pair.png" is a PNG picture, not a sound file. Speaking Order: "both" is not one of the choices',
		' Left Audio: Use MP3, WAV, OGG, AAC, FLAC, WebM, M4A, or Opus.',
	],
	...[
		['pair.png', 'the item has no binary field "pair.png"', "{{ $('Picture').item.binary.data }}."],
		[
			"={{ { binary: { a: $('Picture').item.binary.data, b: $binary.data } } }}",
			'the expression returns 2 files, not one',
			'.binary.a }} or ',
		],
		["={{ $('Nowhere').item.binary.data }}", "'Nowhere' has not run yet", 'enter its new name'],
		["={{ $('Good').item.binary.data }}", "'Good' has not run yet", 'Put the nodes in a row'],
	].map(
		([value, cause, advice]): Row => [
			`the picture ${value} in a row of nodes`,
			inRow({ image: fromField(value!) }),
			`Image: ${cause} [item 1]`,
			advice!,
		],
	),
	[
		'names that no file has, in all fields',
		inRow({ image: fromField('a'), leftAudio: fromField('b'), rightAudio: fromField('c') }),
		'Image, Left Audio, and Right Audio: the item has no binary fields of these names [item 1]',
		"Left Audio: {{ $('Anna\\'s voice').item.binary.data }}",
	],
	// Files as code puts them into an item.
	...[
		[pair.content.toJSON(), 'the file "image" contains a Buffer as JSON', 'prepareBinaryData'],
		[
			{ data: [...pair.content], mimeType: null },
			'the file "image" contains a list of bytes',
			'prepareBinaryData',
		],
		[{ data: 42, mimeType: 7, fileName: 8 }, 'the file "image" contains a number', 'prepare'],
		[{ mimeType: 'image/png' }, 'the file "image" contains nothing', 'prepareBinaryData'],
		['text', 'the file "image" contains nothing', 'prepareBinaryData'],
		[null, 'the item has no binary field "image"', 'Enter the name of one in Image'],
		[
			{ data: 'filesystem-v2', mimeType: 'image/png', fileName: 'pair.png' },
			'the file "pair.png" lost its reference',
			'complete binary data',
		],
		[
			{ id: 42, data: '', mimeType: null },
			'n8n no longer has the file "image"',
			'from the beginning',
		],
	].map(
		([image, cause, advice], index): Row => [
			`the binary data of row ${index}: ${cause as string}`,
			withPicture(image),
			`Image: ${cause as string}`,
			advice as string,
		],
	),
];

it.each(wrong)('refuses %s', async (_what, options, message, advice) => {
	for (const operation of ['submitAndWait', 'submit']) {
		const parameters = { operation, ...options.parameters };
		const execution = await engine.run({ ...options, parameters });

		expect(execution.error.message.slice(0, message.length)).toBe(message);
		expect(execution.error.message.length).toBeLessThan(250);
		expect(execution.error.message).toMatch(/ \[item 1\]$/);
		expect(execution.error.description).toContain(advice);
		expect(execution.error).toMatchObject({ name: 'NodeOperationError', node: { name: 'Video' } });
	}
	expect(emulator.requests).toEqual([]);
});

describe('several items', () => {
	const items = [
		{ files: ownMediaFixtures('a') },
		{ files: { ...ownMediaFixtures('b'), image: copyOf(pair, { content: Buffer.from(html) }) } },
		{ files: ownMediaFixtures('c') },
		{ files: {} },
		{ files: {} },
	];

	it('one wrong item keeps all from being sent, and all wrong ones are named', async () => {
		const execution = await engine.run({ items });

		expect(execution.error.message).toMatch(/^Image: .* web page .*\[item 2\]$/);
		expect(execution.error.description).toContain(
			'Items 4 and 5: Image, Left Audio, and Right Audio: no file reaches this node',
		);
		// The editor would show it as a second number, which counts from 0.
		expect(execution.error).not.toHaveProperty('context.itemIndex');
		expect(emulator.requests).toEqual([]);
	});

	it.each(['continueRegularOutput', 'continueErrorOutput'] as const)(
		'with %s the good ones go on',
		async (onError) => {
			const execution = await engine.run({ items, node: { onError } });

			expect(execution.failure).toBeUndefined();
			const made = execution.good.filter(({ json }) => json.status === 'completed');
			expect(made.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
			expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
			expect(emulator.requestsTo('put')).toHaveLength(6);
		},
	);
});
