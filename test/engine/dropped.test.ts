/** What people drop into the media fields, and what becomes of it. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { copyOf, leftVoice, MEDIA_DIGESTS, pair, rightVoice } from './support/files';
import { sentDigests } from './support/cases';
import type { TestItem } from './support/nodes';
import { useEngine } from './support/testbed';
import { fromField, fromUrl } from './support/workflow';

const { emulator, engine } = useEngine();

/** The three files in nodes in a row, each under the name "data". */
const ROW = {
	Picture: [{ json: { fileName: pair.name }, files: { data: pair } }],
	"Anna's voice": [{ json: { fileName: leftVoice.name }, files: { data: leftVoice } }],
};
const LAST = { json: { fileName: rightVoice.name }, files: { data: rightVoice } };

async function submitted(
	parameters: INodeParameters,
	items: TestItem[] = [LAST],
	before: Record<string, TestItem[]> = ROW,
) {
	const execution = await engine.run({
		before,
		items,
		parameters: { operation: 'submit', ...parameters },
	});
	expect(execution.failure).toBeUndefined();
	return sentDigests(emulator);
}

it.each([
	[
		"={{ $('Picture').item.binary.data }}",
		'={{ $("Anna\'s voice").item.binary.data }}',
		'={{ $binary.data }}',
	],
	[
		"={{ $('Picture').item.json.fileName }}",
		"={{ $('Anna\\'s voice').item.json.fileName }}",
		'={{ $json.fileName }}',
	],
	// Whole items, or their whole JSON, where the item has one file.
	["={{ $('Picture').item }}", '={{ $("Anna\'s voice").first() }}', '={{ $binary }}'],
	["={{ $('Picture').item.json }}", '={{ $("Anna\'s voice").first().json }}', '={{ $json }}'],
	// Lists of one file.
	["={{ [$('Picture').item.binary.data] }}", '={{ $("Anna\'s voice").all() }}', 'data'],
])('nodes in a row give their files: %s, %s, %s', async (image, left, right) => {
	const parameters = {
		image: fromField(image),
		leftAudio: fromUrl(left),
		rightAudio: fromField(right),
	};
	expect(await submitted(parameters)).toEqual(MEDIA_DIGESTS);
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
		const parameters = {
			image: fromField(`={{ ${image} }}`),
			leftAudio: fromField(`={{ ${leftAudio} }}`),
			rightAudio: fromField(`={{ ${rightAudio} }}`),
		};
		expect(await submitted(parameters, [form], { Form: [form] })).toEqual(MEDIA_DIGESTS);
	});
});
