/** What people drop into the media fields, and what becomes of it. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { copyOf, leftVoice, pair, rightVoice, sha256, mediaFixtures } from './support/files';
import { sentDigests } from './support/cases';
import { useEngine } from './support/testbed';
import { fromField, fromUrl } from './support/workflow';

const { emulator, engine } = useEngine();

/** The three files in nodes in a row, each under the name "data". */
const ROW = {
	Picture: [{ json: { fileName: pair.name }, files: { data: pair } }],
	"Anna's voice": [{ json: { fileName: leftVoice.name }, files: { data: leftVoice } }],
};
const LAST = { json: { fileName: rightVoice.name }, files: { data: rightVoice } };

async function submitted(parameters: INodeParameters): Promise<Array<string | undefined>> {
	const execution = await engine.run({
		before: ROW,
		items: [LAST],
		parameters: { operation: 'submit', ...parameters },
	});
	expect(execution.failure).toBeUndefined();
	return sentDigests(emulator);
}

const CONTENTS = [pair, leftVoice, rightVoice].map(({ content }) => sha256(content));

it.each<[string, string, string, string]>([
	[
		'binary objects',
		"={{ $('Picture').item.binary.data }}",
		'={{ $("Anna\'s voice").item.binary.data }}',
		'={{ $binary.data }}',
	],
	[
		'fileName of the JSON',
		"={{ $('Picture').item.json.fileName }}",
		"={{ $('Anna\\'s voice').item.json.fileName }}",
		'={{ $json.fileName }}',
	],
	[
		'whole items of one file',
		"={{ $('Picture').item }}",
		'={{ $("Anna\'s voice").first() }}',
		'={{ $binary }}',
	],
	[
		'the whole JSON of items with one file',
		"={{ $('Picture').item.json }}",
		'={{ $("Anna\'s voice").first().json }}',
		'={{ $json }}',
	],
	[
		'lists of one file',
		"={{ [$('Picture').item.binary.data] }}",
		'={{ $("Anna\'s voice").all() }}',
		'data',
	],
])('%s work', async (_what, image, left, right) => {
	const parameters = {
		image: fromField(image),
		leftAudio: fromUrl(left),
		rightAudio: fromField(right),
	};
	expect(await submitted(parameters)).toEqual(CONTENTS);
});

describe('a form with three files', () => {
	const entryOf = ({ name, type }: { name: string; type: string }) => {
		return { filename: name, mimetype: type, size: 1 };
	};
	const sameName = copyOf(rightVoice, { name: leftVoice.name });
	const form = {
		json: {
			'The picture': [entryOf(pair)],
			'Left voice': entryOf(leftVoice),
			'Right voice': entryOf(sameName),
		},
		files: { The_picture: pair, Left_voice: leftVoice, Right_voice: sameName },
	};

	it.each([
		["$json['The picture'][0]", "$json['Left voice']", "$json['Right voice']"],
		["$json['The picture']", "$('Form').item.json['Left voice']", "$json['Right voice']"],
		['$json["The picture"][0].filename', "$json['Left voice']", "$json['Right voice']"],
		['"the picture"', "$json['Left voice']", "$json['Right voice']"],
	])('takes its entries: %s, %s, %s', async (image, leftAudio, rightAudio) => {
		const execution = await engine.run({
			before: { Form: [form] },
			items: [form],
			parameters: {
				operation: 'submit',
				image: fromField(`={{ ${image} }}`),
				leftAudio: fromField(`={{ ${leftAudio} }}`),
				rightAudio: fromField(`={{ ${rightAudio} }}`),
			},
		});
		expect(execution.failure).toBeUndefined();
		const uploads = emulator.uploads().map((upload) => upload.sha256);
		expect(uploads.sort()).toEqual([...CONTENTS].sort());
	});
});

describe('is answered', () => {
	it.each<[string, INodeParameters, string, string]>([
		[
			"a file's name of another node",
			{ image: fromField('pair.png') },
			'Image: the item has no binary field "pair.png"',
			"Image: {{ $('Picture').item.binary.data }}.",
		],
		[
			'several files at once',
			{
				image: fromField(
					"={{ { binary: { a: $('Picture').item.binary.data, b: $binary.data } } }}",
				),
			},
			'Image: the expression returns 2 files, not one',
			'.binary.a }} or ',
		],
		[
			'a node that does not exist',
			{ image: fromField("={{ $('Nowhere').item.binary.data }}") },
			"Image: 'Nowhere' has not run yet",
			'enter its new name',
		],
		[
			'a node behind ours',
			{ image: fromField("={{ $('Good').item.binary.data }}") },
			"Image: 'Good' has not run yet",
			'Put the nodes in a row, or put a Merge node before this one',
		],
		[
			'names that no file has, in all fields',
			{ image: fromField('a'), leftAudio: fromField('b'), rightAudio: fromField('c') },
			'Image, Left Audio, and Right Audio: the item has no binary fields of these names',
			"Left Audio: {{ $('Anna\\'s voice').item.binary.data }}",
		],
	])('%s', async (_what, parameters, message, advice) => {
		const others = { leftAudio: fromField('data'), rightAudio: fromField('data') };
		const execution = await engine.run({
			before: ROW,
			items: [LAST],
			parameters: { ...others, ...parameters },
		});
		expect(execution.error.message).toBe(`${message} [item 1]`);
		expect(execution.error.description).toContain(advice);
		expect(emulator.requests).toEqual([]);
	});

	it('two wrong fields and a wrong order at once', async () => {
		const execution = await engine.run({
			items: [{ files: { ...mediaFixtures, left_audio: pair } }],
			parameters: { image: fromField('picture'), order: '={{ "both" }}' },
		});
		expect(execution.error.message).toBe(
			'Image: the item has no binary field "picture". Left Audio: the file "pair.png" is a PNG picture, not a sound file. Speaking Order: "both" is not one of the choices [item 1]',
		);
		expect(execution.error.description).toMatch(/Image: .* Left Audio: .* Speaking Order: /);
	});
});
