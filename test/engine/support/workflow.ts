import {
	type IConnection,
	type IConnections,
	type INode,
	type INodeParameters,
	NodeConnectionTypes,
} from 'n8n-workflow';
import type { Emulator } from '../../emulator/emulator';
import { CREDENTIAL_TYPE } from './credentials';
import { leftVoice, pair, rightVoice, type TestFile } from './files';
import { NODE_TYPE_VERSION } from '../../testbed/video-node';
import type { RunOptions } from './engine';
import { VIDEO_TYPE } from './nodes';

/**
 * The workflow of a test: sources, *Files*, *Video* (the node under test), then *Good* behind its
 * first output and *Bad* behind its error output. With `loops`, *Again* leads back from *Good*.
 */
export function plan(
	{ before = {}, parameters = {}, node = {}, loops }: RunOptions,
	credentialId: string,
): { nodes: INode[]; connections: IConnections } {
	const sources = [...Object.keys(before), 'Files'];
	const credentials = { [CREDENTIAL_TYPE]: { id: credentialId, name: 'WaveSpeed API' } };
	const nodes = [
		...sources.map((name) => makeNode(name, 'test.source')),
		...(loops === undefined ? [] : [makeNode('Again', 'test.repeat', { times: loops })]),
		{
			...makeNode('Video', VIDEO_TYPE, withDefaults(parameters)),
			typeVersion: NODE_TYPE_VERSION,
			credentials,
			...node,
		},
		makeNode('Good', 'test.pass'),
		makeNode('Bad', 'test.pass'),
	];
	const chain = [...sources, loops === undefined ? 'Video' : 'Again'];
	const connections: IConnections = {};
	for (const [index, name] of chain.slice(0, -1).entries()) {
		connections[name] = { main: [[to(chain[index + 1]!)]] };
	}
	connections.Video = { main: [[to('Good')], [to('Bad')]] };
	if (loops !== undefined) {
		connections.Again = { main: [[to('Video')], []] };
		connections.Good = { main: [[to('Again')]] };
	}
	return { nodes, connections };
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

function to(node: string): IConnection {
	return { node, type: NodeConnectionTypes.Main, index: 0 };
}

/** A resource locator that names a binary field, or gives a file by expression. */
export function fromField(value: string): INodeParameters {
	return { __rl: true, mode: 'binary', value };
}

/** A resource locator with an address. */
export function fromUrl(value: string) {
	return { __rl: true, mode: 'url', value };
}

/** The usual files by URL, each with this behind its address; the emulator's web gives them. */
export function byUrl(emulator: Emulator, query = '') {
	const url = ({ name, type, content }: TestFile) =>
		fromUrl(`${emulator.host(name, { type, content })}${query}`);
	return { image: url(pair), leftAudio: url(leftVoice), rightAudio: url(rightVoice) };
}
