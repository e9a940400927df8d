/** What the node says of files that are missing, for each way of wiring that people try. */
import { describe, expect, it } from '@jest/globals';
import { type InputName } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { INPUTS_FOR } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { missingFileError } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/missingFiles';
import {
	type FileEntry,
	type NodeBefore,
	type Wiring,
	adviseOnFiles,
	fileExpression,
} from '../../../nodes/WaveSpeedInfiniteTalk/n8n/wiring';

const pair = entry('data', 'pair.png', 'image/png');
const left = entry('data', 'left.wav', 'audio/wav');
const right = entry('data', 'right.wav', 'audio/wav');
const picture = nodeBefore('Picture', { files: [pair] });
const leftVoice = nodeBefore('Left voice', { files: [left] });
const rightVoice = nodeBefore('Right voice', { files: [right], isDirect: true });
const branches = [picture, leftVoice, rightVoice];

const IMAGE = "Image: {{ $('Picture').item.binary.data }}";
const LEFT = "Left Audio: {{ $('Left voice').item.binary.data }}";
const RIGHT = "Right Audio: {{ $('Right voice').item.binary.data }}";

function entry(field: string, fileName: string, mimeType: string): FileEntry {
	return { field, fileName, mimeType };
}

function nodeBefore(name: string, more: Partial<NodeBefore> = {}): NodeBefore {
	return {
		name,
		type: 'n8n-nodes-base.readWriteFile',
		parameters: {},
		isDirect: false,
		files: [],
		access: 'item',
		...more,
	};
}

function merge(parameters: Record<string, unknown>): NodeBefore {
	return nodeBefore('One item', { type: 'n8n-nodes-base.merge', parameters, isDirect: true });
}

function wiring(more: Partial<Wiring>): Wiring {
	return { before: [], files: [], hasFilesInOtherItems: false, isCombined: false, ...more };
}

function advice(more: Partial<Wiring>, missing: readonly InputName[] = INPUTS_FOR.two): string {
	return adviseOnFiles(wiring(more), missing);
}

it('without a node before: connect the nodes', () => {
	expect(advice({})).toBe(
		'Connect the nodes that give the picture and the voices before it, one after the other, and drag the fileName of each file into its field (in the input panel, choose Schema to see it).',
	);
});

it('nodes in a row: the exact expression for each field', () => {
	const said = advice({ before: [picture, leftVoice, rightVoice], files: [right] });
	expect(said).toBe(
		`Use the files of the nodes before by expression. ${IMAGE}; ${LEFT}; ${RIGHT}.`,
	);
	expect(said).not.toContain('Merge');
});

it('nodes in a row whose last one drops the files', () => {
	const edit = nodeBefore('Edit', { isDirect: true });
	const before = [picture, leftVoice, edit];
	expect(advice({ before }, ['image', 'leftAudio'])).toContain(`${IMAGE}; ${LEFT}.`);
});

it('a voice whose side no name tells: all to choose from', () => {
	const voices = ['Anna', 'Bert'].map((name) =>
		nodeBefore(name, { files: [entry('data', `${name}.mp3`, 'audio/mpeg')] }),
	);
	expect(
		advice({ before: [nodeBefore('Edit', { isDirect: true }), ...voices] }, ['leftAudio']),
	).toContain("Left Audio: {{ $('Anna').item.binary.data }} or {{ $('Bert').item.binary.data }}");
});

it('three branches straight in: only one file arrives', () => {
	const direct = branches.map((node, index) => {
		return { ...node, isDirect: true, ...(index > 0 && { files: [] }) };
	});
	expect(advice({ before: direct, files: [pair] })).toBe(
		"Only one file arrives (data: pair.png). This node needs three in one item: put 'Picture', 'Left voice' and 'Right voice' in a row and drag the fileName of each file into its field (in the input panel, choose Schema to see it), or put a Merge before it (Combine, By Position, 3 inputs) and give each file its own name where it is made.",
	);
});

describe('a Merge before it', () => {
	it.each([
		{},
		{ mode: 'append' },
		{ mode: 'combine', combineBy: 'combineByFields' },
		{ mode: 'combineBySql' },
		{ mode: 'chooseBranch' },
	])('set to another mode: %j', (parameters) => {
		expect(advice({ before: [...branches, merge(parameters)], files: [pair] })).toBe(
			"Set 'One item' to Combine, By Position: it puts files that arrive side by side into one item.",
		);
	});

	it.each([
		{ mode: 'combine', combineBy: 'combineByPosition' },
		{ mode: 'combine', combinationMode: 'mergeByPosition' },
	])('of files of one name (%j): the files of the nodes before it', (parameters) => {
		const fromBranches = branches.map((node) => ({ ...node, isDirect: false }));
		const said = advice({ before: [...fromBranches, merge(parameters)], files: [right] });
		expect(said).toContain(`${IMAGE}; ${LEFT}; ${RIGHT}.`);
	});
});

it('a HEIC picture is no choice beside one that the service reads', () => {
	const heic = nodeBefore('Phone', { files: [entry('data', 'a.heic', 'image/heic')] });
	const edit = nodeBefore('Edit', { isDirect: true });
	expect(advice({ before: [heic, picture, edit] }, ['image'])).toContain(`${IMAGE}.`);
});

it('three files of other names in the item: they are listed, nobody talks of Merge', () => {
	const files = [entry('Picture', 'p.png', 'image/png'), left, entry('b', 'b.wav', 'audio/wav')];
	const before = [nodeBefore('Form', { isDirect: true, files })];
	expect(advice({ before, files }, ['image'])).toBe(
		'The item has the binary fields "Picture" (p.png, image/png), "data" (left.wav, audio/wav), "b" (b.wav, audio/wav). Enter the name of one in Image.',
	);
});

it('three items of one node: the other files are in other items', () => {
	const before = [nodeBefore('Files', { isDirect: true, files: [pair] })];
	expect(advice({ before, files: [pair], hasFilesInOtherItems: true })).toMatch(
		/^Only one file arrives \(data: pair\.png\)\. The other files are in other items/,
	);
});

it('nodes that give no file are named', () => {
	expect(advice({ before: [nodeBefore('Fetch', { isDirect: true })] })).toMatch(
		/^'Fetch' gives no file\./,
	);
});

it.each([
	['item', false, "{{ $('It\\'s a \\\\ node').item.binary['my file'] }}"],
	['item', true, "{{ $('It\\'s a \\\\ node').item._files['my file'] }}"],
	['first()', false, "{{ $('It\\'s a \\\\ node').first().binary['my file'] }}"],
] as const)('an expression with %s, combined %s, is quoted', (access, isCombined, expression) => {
	expect(fileExpression({ name: "It's a \\ node", access }, 'my file', isCombined)).toBe(
		expression,
	);
});

describe('the message', () => {
	const all = INPUTS_FOR.two.map((input) => ({ input, kind: 'field' as const, text: input }));

	it('names all fields that miss a file', () => {
		const error = missingFileError(wiring({ before: branches, files: [right] }), all);
		expect(error.message).toBe(
			'Image, Left Audio and Right Audio: the item has no binary fields of these names',
		);
		expect(error.details).toEqual({ step: 'check', input: 'image' });
	});

	it('says so when no file arrives', () => {
		expect(missingFileError(wiring({}), all).message).toBe(
			'Image, Left Audio and Right Audio: no file reaches this node',
		);
	});

	it('has one advice for fields that miss their files in different ways', () => {
		const error = missingFileError(wiring({ before: branches, files: [right] }), [
			{ input: 'image', kind: 'empty', text: '' },
			{ input: 'leftAudio', kind: 'object', text: '' },
			{ input: 'rightAudio', kind: 'noResult', text: '' },
		]);
		expect(error.message).toBe(
			'Image: no file is chosen. Left Audio: the expression gives an object that is not a file. Right Audio: the expression gives nothing',
		);
		expect(error.advice).toContain(`${IMAGE}; ${LEFT}; ${RIGHT}.`);
	});
});
