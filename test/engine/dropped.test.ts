/** What people drop into the media fields, and what becomes of it. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { copyOf, leftVoice, pair, rightVoice, sha256 } from './support/files';
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

/** As code puts it there. */
describe('content in the item itself', () => {
	const base64 = pair.content.toString('base64');
	it.each<[string, string, string | null]>([
		['as n8n writes it', base64, 'image/png'],
		['with the prefix of a data: address', `data:image/png;base64,${base64}`, 'image/png'],
		['under a type that is null', base64, null],
	])('%s is uploaded with its own length', async (_name, data, mimeType) => {
		const files = { left_audio: leftVoice, right_audio: rightVoice };
		const execution = await engine.run({
			items: [{ files, binary: { image: { data, mimeType } } }],
		});
		expect(execution.failure).toBeUndefined();
		const [picture] = emulator.uploads().filter(({ fileName }) => fileName === 'image.png');
		expect(picture?.sha256).toBe(sha256(pair.content));
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});
});
