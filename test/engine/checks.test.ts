/** Everything that can be wrong with an item is found before anything is sent or spent. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { BinaryDataService } from 'n8n-core';
import {
	copyOf,
	file,
	leftVoice,
	mediaFixtures,
	ownMediaFixtures,
	pair,
	type TestFile,
} from './support/files';
import { Container } from './support/injected';
import { useEngine } from './support/testbed';
import { fromField, fromUrl } from './support/workflow';

const { emulator, engine } = useEngine();

const html = '<!DOCTYPE html><html><body>Please log in</body></html>';

interface Wrong {
	files?: Record<string, TestFile>;
	parameters?: INodeParameters;
	/** The beginning of the message: field and cause. */
	message: string;
	/** In the description: the next step. */
	advice: string;
}

const wrongFiles: Array<[string, Wrong]> = [
	[
		'a missing field',
		{
			files: { picture: pair, left_audio: leftVoice },
			message: 'Image and Right Audio: the item has no binary fields of these names',
			advice: '"picture" (pair.png, image/png), "left_audio" (left-voice.wav, audio/wav)',
		},
	],
	[
		'no files at all',
		{
			files: {},
			message: 'Image, Left Audio, and Right Audio: no file reaches this node',
			advice: 'outputs no file',
		},
	],
	[
		'a web page as a voice',
		{
			files: { ...mediaFixtures, right_audio: file('voice.mp3', 'audio/mpeg', html) },
			message: 'Right Audio: the file "voice.mp3" is a web page (HTML), not a sound file',
			advice: 'login',
		},
	],
];

const wrongUrls: Array<[string, Wrong]> = [
	['={{ $json.missing }}', 'Image: the URL is empty', 'to File'],
	[
		'{{ $json.url }}',
		'Image: "{{ $json.url }}" is an expression without a',
		'click Expression above it',
	],
	[
		'={{ { a: 1 } }}',
		'Image: the expression returns an object that is not a file',
		'Enter the name',
	],
	[
		'http://minio:9000/b/a.png',
		'Image: "http://minio:9000/b/a.png" points to a private network (minio:9000)',
		'switch Image to File',
	],
].map(([url, message, advice]): [string, Wrong] => [
	`the URL ${url}`,
	{ parameters: { image: fromUrl(url!) }, message: message!, advice: advice! },
]);

const wrongValues: Array<[string, Wrong]> = [
	[
		'a megabyte of base64 as the name of a field',
		{
			parameters: { image: fromField(Buffer.alloc(750_000, 'abcdef').toString('base64')) },
			message: 'Image: the field contains base64 text, not a file name',
			advice: 'Convert to File',
		},
	],
	[
		'a data: address as the name of a field',
		{
			parameters: { image: fromField(`data:image/png;base64,${'QUJD'.repeat(250_000)}`) },
			message: 'Image: the field contains a data: URL, not a file name',
			advice: 'only the part after "base64,"',
		},
	],
	[
		'an expression in a field that is set to Fixed',
		{
			parameters: { image: fromField("{{ $('Picture').item.binary.data }}") },
			message: 'Image: the field contains an expression as plain text, not a file name',
			advice: 'The field is set to Fixed: click Expression above the field.',
		},
	],
	[
		'words that somebody is to say',
		{
			parameters: { leftAudio: fromField('Hello Anna, how are you today?') },
			message: 'Left Audio: the field contains text, not a file name',
			advice: 'use a text-to-speech node first',
		},
	],
	[
		'a Buffer by expression',
		{
			parameters: { leftAudio: fromField('={{ { type: "Buffer", data: [1, 2, 3] } }}') },
			message: 'Left Audio: the expression returns a Buffer as JSON, not a file',
			advice: 'prepareBinaryData',
		},
	],
	[
		'an object that is not a file',
		{
			parameters: { leftAudio: fromField('={{ { a: 1 } }}') },
			message: 'Left Audio: the expression returns an object that is not a file',
			advice: 'Enter the name of one in Left Audio',
		},
	],
	[
		'an expression without a result',
		{
			parameters: { leftAudio: fromField('={{ $json.nothing }}') },
			message: 'Left Audio: the expression returns nothing',
			advice: 'binary field',
		},
	],
];

describe.each(['submitAndWait', 'submit'])('%s', (operation) => {
	it.each([...wrongFiles, ...wrongUrls, ...wrongValues])(
		'refuses %s',
		async (_name, { files = mediaFixtures, parameters = {}, message, advice }) => {
			const execution = await engine.run({
				items: [{ files }],
				parameters: { operation, ...parameters },
			});

			expect(execution.error.message.slice(0, message.length)).toBe(message);
			expect(execution.error.message.length).toBeLessThan(250);
			expect(execution.error.message).toMatch(/ \[item 1\]$/);
			expect(execution.error.description).toContain(advice);
			expect(execution.error).toMatchObject({
				name: 'NodeOperationError',
				node: { name: 'Video' },
			});
			expect(emulator.requests).toEqual([]);
		},
	);
});

describe('files that only a fake can be', () => {
	afterEach(
		() => void delete (Container.get(BinaryDataService) as Partial<BinaryDataService>).getMetadata,
	);

	it('a file that n8n has deleted', async () => {
		const store = Container.get(BinaryDataService);
		store.getMetadata = async () => {
			throw new Error('ENOENT');
		};

		const execution = await engine.run();

		expect(execution.error.message).toContain('Image: n8n no longer has the file "pair.png"');
		expect(execution.error.description).toContain('from the beginning');
		expect(emulator.requests).toEqual([]);
	});
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
