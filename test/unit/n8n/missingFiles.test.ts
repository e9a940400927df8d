/** What the node says of files that are missing, for each way of wiring that people try. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { InputName } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { INPUTS_FOR } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { filesOfNode, type PlacedFile } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/findFile';
import type { Item } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/item';
import { missingFileError } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/missingFiles';
import type { NodeBefore, Wiring } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/wiring';

const picture = placed('Picture', 'pair.png', 'image/png');
const left = placed('Left voice', 'left.wav', 'audio/wav');
const right = placed('Right voice', 'right.wav', 'audio/wav');
const all = [picture, left, right];

const IMAGE = "Image: {{ $('Picture') }}";
const LEFT = "Left Audio: {{ $('Left voice') }}";
const RIGHT = "Right Audio: {{ $('Right voice') }}";
const USE = 'Use the files of earlier nodes with expressions.';
const DROP =
	'drag the fileName of each file into its field (in the input panel, choose Schema to see it)';

/** A file of a node before ours. */
function placed(node: string, fileName: string, mimeType: string): PlacedFile {
	const file = { id: fileName, data: '', fileName, mimeType };
	return { file, field: 'data', node, expression: `{{ $('${node}') }}`, isOfItem: true };
}

/** Nodes in a row in front of ours, which have the files and pass on none, unless `more` says so. */
function row(before: readonly PlacedFile[], more: Partial<Wiring> = {}): Wiring {
	const nodes = [...before.map(({ node }) => nodeBefore(node)), nodeBefore('Edit', true)];
	return { nodes, before, own: [], hasFilesInOtherItems: false, ...more };
}

function nodeBefore(name: string, isDirect = false, more: Partial<NodeBefore> = {}): NodeBefore {
	return { name, type: 'n8n-nodes-base.readWriteFile', isDirect, ...more };
}

function behindMerge(parameters: INodeParameters): Wiring {
	const merge = nodeBefore('One item', true, { type: 'n8n-nodes-base.merge', parameters });
	return row(all, { own: [right], nodes: [...all.map(({ node }) => nodeBefore(node)), merge] });
}

const voices = ['Anna', 'Bert'].map((name) => placed(name, `${name}.mp3`, 'audio/mpeg'));

it.each<[how: string, Wiring, readonly InputName[], advice: string]>([
	[
		'no node stands before it',
		row([], { nodes: [] }),
		INPUTS_FOR.two,
		`Connect the nodes with the files before this one, one after the other, and ${DROP}.`,
	],
	[
		'the nodes stand in a row',
		row(all, { own: [right] }),
		INPUTS_FOR.two,
		`${USE} ${IMAGE}; ${LEFT}; ${RIGHT}.`,
	],
	[
		'later nodes pass the files on',
		row([...all, { ...picture, node: 'Edit', expression: '{{ later }}' }]),
		['image', 'leftAudio'],
		`${USE} ${IMAGE}; ${LEFT}.`,
	],
	[
		'no name tells the side of a voice',
		row(voices),
		['leftAudio'],
		`${USE} Left Audio: {{ $('Anna') }} or {{ $('Bert') }}.`,
	],
	[
		'three branches go straight in',
		row(all, { own: [picture], nodes: all.map(({ node }) => nodeBefore(node, true)) }),
		INPUTS_FOR.two,
		`Each node at the input makes its own items, but this node needs the files in one item: put 'Picture', 'Left voice', and 'Right voice' in a row and ${DROP}.`,
	],
	...[{}, { mode: 'append' }, { mode: 'combine', combineBy: 'combineByFields' }].map(
		(parameters): [string, Wiring, readonly InputName[], string] => [
			`a Merge is set to ${JSON.stringify(parameters)}`,
			behindMerge(parameters),
			INPUTS_FOR.two,
			"Set 'One item' to Combine, By Position: it combines the incoming files into one item.",
		],
	),
	...[{ combineBy: 'combineByPosition' }, { combinationMode: 'mergeByPosition' }].map(
		(parameters): [string, Wiring, readonly InputName[], string] => [
			`a Merge by position (${JSON.stringify(parameters)}) got files of one name`,
			behindMerge(parameters),
			INPUTS_FOR.two,
			`${USE} ${IMAGE}; ${LEFT}; ${RIGHT}.`,
		],
	),
	[
		'a HEIC picture stands beside one that the service reads',
		row([placed('Phone', 'a.heic', 'image/heic'), picture]),
		['image'],
		`${USE} ${IMAGE}.`,
	],
	[
		'the item has three files of other names',
		row(all, { own: all }),
		['image'],
		'The item has the binary fields "data" (pair.png, image/png), "data" (left.wav, audio/wav), "data" (right.wav, audio/wav). Enter the name of one in Image.',
	],
	[
		'one node gives three items',
		row([picture], { own: [picture], hasFilesInOtherItems: true }),
		INPUTS_FOR.two,
		`The other files are in other items, but this node needs them in one item: give each file its own node, in a row, and ${DROP}.`,
	],
	[
		'the nodes before give no file',
		row([]),
		INPUTS_FOR.two,
		"'Edit' outputs no file. Files come from nodes such as HTTP Request (Response Format: File), Google Drive (Download), or a form.",
	],
	[
		'an item of Combine Turns has its sound file in another field',
		row([left], { own: [left] }),
		['audio'],
		'The item has the binary field "data" (left.wav, audio/wav). Enter the name of one in Audio.',
	],
])('the advice says where the files are when %s', (_how, wiring, missing, advice) => {
	const error = missingFileError(
		wiring,
		missing.map((input) => ({ input })),
	);
	expect(error.advice).toBe(advice);
});

it.each([
	['item', {}, "{{ $('It\\'s a \\\\ node').item.binary['my file'] }}"],
	['item', { binaryMode: 'combined' }, "{{ $('It\\'s a \\\\ node').item._files['my file'] }}"],
	['first()', {}, "{{ $('It\\'s a \\\\ node').first().binary['my file'] }}"],
])('an expression with %s in a workflow of %j is quoted', (access, settings, expression) => {
	const item = {
		context: { getWorkflowSettings: () => settings },
		evaluate: (asked: string) =>
			asked.endsWith(`.${access} }}`) ? { binary: { 'my file': picture.file } } : undefined,
	};
	const files = filesOfNode(item as unknown as Item, "It's a \\ node");
	expect(files).toMatchObject([{ expression, isOfItem: access === 'item' }]);
});

describe('the message', () => {
	it.each([
		['has no binary fields of these names', row(all, { own: [right] }), 'the item '],
		['no file reaches this node', row(all), ''],
	])('names all fields that miss a file: %s', (cause, wiring, subject) => {
		const missing = INPUTS_FOR.two.map((input) => ({ input, name: input }));
		const error = missingFileError(wiring, missing);
		expect(error.message).toBe(`Image, Left Audio, and Right Audio: ${subject}${cause}`);
		expect(error.details).toEqual({ step: 'check', input: 'image' });
	});

	it('has one advice for fields that miss their files in different ways', () => {
		const error = missingFileError(row(all, { own: [right] }), [
			{ input: 'image', cause: 'no file is chosen' },
			{ input: 'leftAudio', name: 'left' },
		]);
		expect(error.message).toBe(
			'Image: no file is chosen. Left Audio: the item has no binary field "left"',
		);
		expect(error.advice).toContain(`${IMAGE}; ${LEFT}.`);
	});
});
