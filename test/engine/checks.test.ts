/** Everything that can be wrong with an item is found before anything is sent or spent. */
import { expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import {
	copyOf,
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

/** The beginning of the message (field and cause), the next step in the description, and what is wrong. */
type Row = [message: string, advice: string, RunOptions];

const given = (parameters: INodeParameters): RunOptions => ({ parameters });
const inLeft = (value: string) => given({ leftAudio: fromField(value) });
const withFiles = (files: Record<string, TestFile>): RunOptions => ({ items: [{ files }] });
/** A picture as code puts it into an item. */
const withPicture = (image: unknown): RunOptions => ({
	items: [{ files: { left_audio: leftVoice, right_audio: leftVoice }, binary: { image } }],
});
/** The three files in nodes in a row, each under the name "data". */
const inRow = (image: string): RunOptions => ({
	before: {
		Picture: [{ files: { data: pair } }],
		"Anna's voice": [{ files: { data: leftVoice } }],
	},
	items: [{ files: { data: rightVoice } }],
	parameters: {
		image: fromField(image),
		leftAudio: fromField('data'),
		rightAudio: fromField('data'),
	},
});

it.each<Row>([
	[
		'Image and Right Audio: the item has no binary fields of these names',
		'"picture" (pair.png, image/png), "left_audio" (left-voice.wav, audio/wav)',
		withFiles({ picture: pair, left_audio: leftVoice }),
	],
	['Image: the URL is empty', 'to File', given({ image: fromUrl('={{ $json.missing }}') })],
	[
		'Left Audio: the field contains base64 text, not a file name',
		'Convert to File',
		inLeft(Buffer.alloc(750_000, 'abcdef').toString('base64')),
	],
	[
		'Left Audio: the field contains a data: URL, not a file name',
		'only the part after "base64,"',
		inLeft(`data:image/png;base64,${'QUJD'.repeat(250_000)}`),
	],
	[
		'Left Audio: the field contains an expression as plain text, not a file name',
		'The field is set to Fixed: click Expression above the field.',
		inLeft("{{ $('Picture').item.binary.data }}"),
	],
	[
		'Left Audio: the field contains text, not a file name',
		'use a text-to-speech node first',
		inLeft('Hello Anna, how are you today?'),
	],
	[
		'Left Audio: the expression returns a Buffer as JSON, not a file',
		'prepareBinaryData',
		inLeft('={{ { type: "Buffer", data: [1, 2, 3] } }}'),
	],
	[
		'Left Audio: the expression returns an object that is not a file',
		'Enter the name of one in Left Audio',
		inLeft('={{ { a: 1 } }}'),
	],
	[
		'Left Audio and Right Audio are both set to Silence',
		'at least one',
		given({ leftAudio: SILENCE, rightAudio: SILENCE }),
	],
	[
		'Prompt: the expression returns a number, not text',
		'one text field',
		// Nor is the address fetched.
		given({ image: fromUrl('https://files.example/a.png'), prompt: '={{ 42 }}' }),
	],
	[
		'Image: the item has no binary field "picture". Left Audio: the file "pair.png" is a PNG picture, not a sound file. Speaking Order: "both" is not one of the choices',
		' Left Audio: Use MP3, WAV, OGG, AAC, FLAC, WebM, M4A, or Opus.',
		{
			...withFiles({ ...mediaFixtures, left_audio: pair }),
			...given({ image: fromField('picture'), order: '={{ "both" }}' }),
		},
	],
	[
		'Image: the item has no binary field "pair.png" [item 1]',
		"{{ $('Picture').item.binary.data }}.",
		inRow('pair.png'),
	],
	[
		'Image: the expression returns 2 files, not one [item 1]',
		'.binary.a }} or ',
		inRow("={{ { binary: { a: $('Picture').item.binary.data, b: $binary.data } } }}"),
	],
	[
		"Image: 'Nowhere' has not run yet [item 1]",
		'enter its new name',
		inRow("={{ $('Nowhere').item.binary.data }}"),
	],
	[
		"Image: 'Good' has not run yet [item 1]",
		'Put the nodes in a row',
		inRow("={{ $('Good').item.binary.data }}"),
	],
	[
		'Image: the file "image" contains a Buffer as JSON',
		'prepareBinaryData',
		withPicture(pair.content.toJSON()),
	],
	['Image: the file "image" contains nothing', 'prepareBinaryData', withPicture('text')],
	['Image: the item has no binary field "image"', 'name of one in Image', withPicture(null)],
	[
		'Image: n8n no longer has the file "image"',
		'from the beginning',
		withPicture({ id: 42, data: '', mimeType: null }),
	],
])('what is wrong is told before anything is sent: %s', async (message, advice, options) => {
	const { error } = await engine.run(options);

	expect(error.message.slice(0, message.length)).toBe(message);
	expect(error.message.length).toBeLessThan(250);
	expect(error.message).toMatch(/ \[item 1\]$/);
	expect(error.description).toContain(advice);
	expect(error).toMatchObject({ name: 'NodeOperationError', node: { name: 'Video' } });
	expect(emulator.requests).toEqual([]);
});

it('one wrong item keeps all from being sent, and all wrong ones are named', async () => {
	const items = [
		{ files: ownMediaFixtures('a') },
		{
			files: {
				...ownMediaFixtures('b'),
				image: copyOf(pair, { content: Buffer.from('<html></html>') }),
			},
		},
		{ files: ownMediaFixtures('c') },
		{ files: {} },
		{ files: {} },
	];

	const { error } = await engine.run({ items });

	expect(error.message).toMatch(/^Image: .* web page .*\[item 2\]$/);
	expect(error.description).toContain(
		'Items 4 and 5: Image, Left Audio, and Right Audio: no file reaches this node',
	);
	// The editor would show it as a second number, which counts from 0.
	expect(error).not.toHaveProperty('context.itemIndex');
	expect(emulator.requests).toEqual([]);
});
