/** The workflow of a test, and the media fields of the node in it. */
import {
	type IConnections,
	type INode,
	type INodeParameters,
	NodeConnectionTypes,
	Workflow,
} from 'n8n-workflow';
import type { Emulator } from '../../emulator/emulator';
import { CREDENTIAL_TYPE, media, NODE_TYPE, NODE_TYPE_VERSION } from '../../testbed/video-node';
import type { RunOptions } from './engine';
import { leftVoice, mediaFixtures, pair, rightVoice, type TestFile } from './files';
import { createNodeTypes } from './nodes';

/** The credential that the node under test has unless a test gives it another one. */
export const CREDENTIAL_ID = 'wavespeed-1';

/**
 * Sources, *Files*, *Video* (the node under test), then *Good* behind its first output and *Bad* behind
 * its error output. With `loops`, *Again* leads back from *Good*.
 */
export function createWorkflow(planned: RunOptions): Workflow {
	const { before = {}, items = [{ files: mediaFixtures }], parameters = {}, loops = 0 } = planned;
	const sources = new Map(Object.entries({ ...before, Files: items }));
	const credential = { id: CREDENTIAL_ID, name: 'WaveSpeed API' };
	const video = {
		...makeNode('Video', NODE_TYPE, withDefaults(parameters)),
		typeVersion: NODE_TYPE_VERSION,
		credentials: { [CREDENTIAL_TYPE]: credential },
		...planned.node,
	};
	const again = loops === 0 ? [] : [makeNode('Again', 'test.repeat')];
	const row = [
		...[...sources.keys()].map((name) => makeNode(name, 'test.source')),
		...again,
		video,
	];
	const connections = Object.fromEntries(
		row.slice(1).map(({ name }, index) => [row[index]!.name, connection([name])]),
	);
	connections.Video = connection(['Good'], ['Bad']);
	if (again.length > 0) connections.Good = connection(['Again']);
	return new Workflow({
		id: 'engine-test',
		name: 'Engine test',
		nodes: [...row, makeNode('Good', 'test.pass'), makeNode('Bad', 'test.pass')],
		connections,
		active: false,
		nodeTypes: createNodeTypes(sources, loops),
		settings: { executionOrder: 'v1', ...planned.settings },
	});
}

/**
 * A job for each item, both voices at the same time, and no stored execution, unless the test sets these itself;
 * `undefined` takes an option away.
 */
function withDefaults(parameters: INodeParameters): INodeParameters {
	const options = { seed: -1, waiting: 'keepRunning', ...(parameters.options as INodeParameters) };
	const given = Object.entries(options).filter(([, value]) => value !== undefined);
	return {
		order: 'meanwhile',
		...parameters,
		options: Object.fromEntries(given) as INodeParameters,
	};
}

function makeNode(name: string, type: string, parameters: INodeParameters = {}): INode {
	return { id: `id-of-${name}`, name, type, typeVersion: 1, position: [0, 0], parameters };
}

/** @param outputs the nodes behind each output */
function connection(...outputs: string[][]): IConnections[string] {
	const to = (node: string) => ({ node, type: NodeConnectionTypes.Main, index: 0 });
	return { main: outputs.map((names) => names.map(to)) };
}

/** A resource locator that names a binary field, or gives a file by expression. */
export const fromField = (value: string) => media('binary', value);

/** A resource locator with an address. */
export const fromUrl = (value: string) => media('url', value);

/** The usual files by URL, each with this behind its address; the emulator's web gives them. */
export function byUrl(emulator: Emulator, query = '') {
	const url = ({ name, type, content }: TestFile) =>
		fromUrl(`${emulator.host(name, { type, content })}${query}`);
	return { image: url(pair), leftAudio: url(leftVoice), rightAudio: url(rightVoice) };
}
