/** What the node says of files that are missing, for each way of wiring that people try. */
import { describe, expect, it } from '@jest/globals';
import { type InputName } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { INPUTS_FOR } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { fileExpression } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/readWiring';
import {
	type FileEntry,
	type NodeBefore,
	type Wiring,
	adviseOnFiles,
	missingFileError,
} from '../../../nodes/WaveSpeedInfiniteTalk/n8n/wiring';

const pair = entry('data', 'pair.png', 'image/png');
const left = entry('data', 'left.wav', 'audio/wav');
const right = entry('data', 'right.wav', 'audio/wav');
const picture = nodeBefore('Picture', [pair]);
const leftVoice = nodeBefore('Left voice', [left]);
const rightVoice = nodeBefore('Right voice', [right], { isDirect: true });
const edit = nodeBefore('Edit', [], { isDirect: true });

const IMAGE = "Image: {{ $('Picture').item.binary.data }}";
const LEFT = "Left Audio: {{ $('Left voice').item.binary.data }}";
const RIGHT = "Right Audio: {{ $('Right voice').item.binary.data }}";
const DROP =
	'drag the fileName of each file into its field (in the input panel, choose Schema to see it)';

function entry(field: string, fileName: string, mimeType: string): FileEntry {
	return { field, fileName, mimeType };
}

function nodeBefore(
	name: string,
	files: readonly FileEntry[],
	more: Partial<NodeBefore> = {},
): NodeBefore {
	const withExpressions = files.map((file) => ({
		...file,
		expression: fileExpression(name, 'item', file.field, false),
	}));
	const type = 'n8n-nodes-base.readWriteFile';
	return { name, type, parameters: {}, isDirect: false, ...more, files: withExpressions };
}

function merge(parameters: Record<string, unknown>): NodeBefore {
	return nodeBefore('One item', [], {
		type: 'n8n-nodes-base.merge',
		parameters,
		isDirect: true,
	});
}

function wiring(before: readonly NodeBefore[], files: readonly FileEntry[] = []): Wiring {
	return { before, files, hasFilesInOtherItems: false };
}

const branches = [picture, leftVoice, nodeBefore('Right voice', [right])];
const voices = ['Anna', 'Bert'].map((name) =>
	nodeBefore(name, [entry('data', `${name}.mp3`, 'audio/mpeg')]),
);
const ofForm = [entry('Picture', 'p.png', 'image/png'), left, entry('b', 'b.wav', 'audio/wav')];
const heic = nodeBefore('Phone', [entry('data', 'a.heic', 'image/heic')]);
const listed =
	'The item has the binary fields "Picture" (p.png, image/png), "data" (left.wav, audio/wav), "b" (b.wav, audio/wav). Enter the name of one in Image.';

it.each<[how: string, Wiring, readonly InputName[], advice: string]>([
	[
		'no node stands before it',
		wiring([]),
		INPUTS_FOR.two,
		`Connect the nodes with the files before this one, one after the other, and ${DROP}.`,
	],
	[
		'the nodes stand in a row',
		wiring([picture, leftVoice, rightVoice], [right]),
		INPUTS_FOR.two,
		`Use the files of earlier nodes with expressions. ${IMAGE}; ${LEFT}; ${RIGHT}.`,
	],
	[
		'the last node of a row drops the files',
		wiring([picture, leftVoice, edit]),
		['image', 'leftAudio'],
		`Use the files of earlier nodes with expressions. ${IMAGE}; ${LEFT}.`,
	],
	[
		'no name tells the side of a voice',
		wiring([...voices, edit]),
		['leftAudio'],
		"Use the files of earlier nodes with expressions. Left Audio: {{ $('Anna').item.binary.data }} or {{ $('Bert').item.binary.data }}.",
	],
	[
		'three branches go straight in',
		wiring(
			branches.map((node) => ({ ...node, isDirect: true })),
			[pair],
		),
		INPUTS_FOR.two,
		`Each node at the input makes its own items, but this node needs the files in one item: put 'Picture', 'Left voice', and 'Right voice' in a row and ${DROP}.`,
	],
	...[{}, { mode: 'append' }, { mode: 'combine', combineBy: 'combineByFields' }].map(
		(parameters): [string, Wiring, readonly InputName[], string] => [
			`a Merge is set to ${JSON.stringify(parameters)}`,
			wiring([...branches, merge(parameters)], [pair]),
			INPUTS_FOR.two,
			"Set 'One item' to Combine, By Position: it combines the incoming files into one item.",
		],
	),
	...[{ combineBy: 'combineByPosition' }, { combinationMode: 'mergeByPosition' }].map(
		(parameters): [string, Wiring, readonly InputName[], string] => [
			`a Merge by position (${JSON.stringify(parameters)}) got files of one name`,
			wiring([...branches, merge(parameters)], [right]),
			INPUTS_FOR.two,
			`Use the files of earlier nodes with expressions. ${IMAGE}; ${LEFT}; ${RIGHT}.`,
		],
	),
	[
		'a HEIC picture stands beside one that the service reads',
		wiring([heic, picture, edit]),
		['image'],
		`Use the files of earlier nodes with expressions. ${IMAGE}.`,
	],
	[
		'the item has three files of other names',
		wiring([nodeBefore('Form', ofForm, { isDirect: true })], ofForm),
		['image'],
		listed,
	],
	[
		'one node gives three items',
		{
			...wiring([nodeBefore('Files', [pair], { isDirect: true })], [pair]),
			hasFilesInOtherItems: true,
		},
		INPUTS_FOR.two,
		`The other files are in other items, but this node needs them in one item: give each file its own node, in a row, and ${DROP}.`,
	],
	[
		'the nodes before give no file',
		wiring([edit]),
		INPUTS_FOR.two,
		"'Edit' outputs no file. Files come from nodes such as HTTP Request (Response Format: File), Google Drive (Download), or a form.",
	],
	[
		'an item of Combine Turns has its sound file in another field',
		wiring([nodeBefore('Speak', [left], { isDirect: true })], [left]),
		['audio'],
		'The item has the binary field "data" (left.wav, audio/wav). Enter the name of one in Audio.',
	],
])('the advice says where the files are when %s', (_how, given, missing, advice) => {
	expect(adviseOnFiles(given, missing)).toBe(advice);
});

it.each([
	['item', false, "{{ $('It\\'s a \\\\ node').item.binary['my file'] }}"],
	['item', true, "{{ $('It\\'s a \\\\ node').item._files['my file'] }}"],
	['first()', false, "{{ $('It\\'s a \\\\ node').first().binary['my file'] }}"],
] as const)('an expression with %s, combined %s, is quoted', (access, isCombined, expression) => {
	expect(fileExpression("It's a \\ node", access, 'my file', isCombined)).toBe(expression);
});

describe('the message', () => {
	const all = INPUTS_FOR.two.map((input) => ({ input, name: input }));

	it('names all fields that miss a file', () => {
		const error = missingFileError(wiring(branches, [right]), all);
		expect(error.message).toBe(
			'Image, Left Audio, and Right Audio: the item has no binary fields of these names',
		);
		expect(error.details).toEqual({ step: 'check', input: 'image' });
	});

	it('says so when no file arrives', () => {
		expect(missingFileError(wiring([]), all).message).toBe(
			'Image, Left Audio, and Right Audio: no file reaches this node',
		);
	});

	it('has one advice for fields that miss their files in different ways', () => {
		const error = missingFileError(wiring(branches, [right]), [
			{ input: 'image', cause: 'no file is chosen' },
			{ input: 'leftAudio', name: 'left' },
		]);
		expect(error.message).toBe(
			'Image: no file is chosen. Left Audio: the item has no binary field "left"',
		);
		expect(error.advice).toContain(`${IMAGE}; ${LEFT}.`);
	});
});
