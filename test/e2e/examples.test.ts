import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { INode, INodeTypeDescription } from 'n8n-workflow';
import { media, NODE_TYPE, PACKAGE, ROOT, useTestbed, type WorkflowJson } from '../testbed';
import { issuesOf } from './support/workflow-issues';

const FOLDER = path.join(ROOT, 'examples');
const EXAMPLES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const TESTS = readdirSync(__dirname)
	.filter((file) => file.startsWith('example-'))
	.map((file) => readFileSync(path.join(__dirname, file), 'utf8'))
	.join();

const { client } = useTestbed();

let types: INodeTypeDescription[];

beforeAll(async () => {
	types = await client.nodeTypes();
});

function read(file: string): WorkflowJson {
	return JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as WorkflowJson;
}

/** A workflow of one of our nodes with these properties. */
function flawed(change: Partial<INode>): WorkflowJson {
	const flow = read('files-to-video.json');
	const flaw = (node: INode) => (node.type === NODE_TYPE ? { ...node, ...change } : node);
	return { ...flow, nodes: flow.nodes.map(flaw) };
}

describe.each(EXAMPLES)('examples/%s', (file) => {
	it('has no secret, and nothing that this n8n does not know', () => {
		expect(issuesOf(read(file), types)).toEqual([]);
	});

	it('is saved by n8n as it is in the file', async () => {
		const example = read(file);
		const { id } = await client.createWorkflow(example);
		const saved = await client.getWorkflow(id);
		expect(saved.connections).toEqual(example.connections);
		// n8n adds the ID of a webhook to nodes that have one.
		expect(saved.nodes.length).toBe(example.nodes.length);
		expect(saved.nodes).toMatchObject(example.nodes);
	});

	it('has our node in it, and notes, and is run by a test', () => {
		const all = read(file).nodes.map(({ type }) => type);
		expect(all).toContain(NODE_TYPE);
		expect(all).toContain('n8n-nodes-base.stickyNote');
		expect(TESTS).toContain(`'${path.basename(file, '.json')}'`);
	});
});

describe('the look for mistakes', () => {
	const parameters = { order: 'left_right', options: {} };

	it.each<[string, Partial<INode>, RegExp]>([
		['an unknown parameter', { parameters: { ...parameters, voice: 'x' } }, /no parameter voice/],
		['an unknown option', { parameters: { options: { wait: 1 } } }, /no parameter options\.wait/],
		['a parameter of another operation', { parameters: { predictionId: 'x' } }, /predictionId/],
		['an unknown value', { parameters: { order: 'both' } }, /order cannot be "both"/],
		['an empty field', { parameters: { image: media('binary', '') } }, /"Image" is required/],
		['an unknown operation', { parameters: { operation: 'make' } }, /operation cannot be "make"/],
		['an unknown version', { typeVersion: 9 }, /n8n has no .*waveSpeedInfiniteTalk 9/],
		['an unknown node', { type: `${PACKAGE}.other` }, /n8n has no .*other/],
		['a key', { notes: 'wsk_0123456789' }, /looks like a secret/],
		["a credential of somebody's n8n", { credentials: { x: { id: '7', name: 'x' } } }, /names the/],
	])('finds %s', (_what, change, mistake) => {
		expect(issuesOf(flawed(change), types).join('\n')).toMatch(mistake);
	});
});
