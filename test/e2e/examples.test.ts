import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { NodeHelpers, type INodeTypeDescription } from 'n8n-workflow';
import { NODE_TYPE, ROOT, useTestbed, type WorkflowJson } from '../testbed';

const FOLDER = path.join(ROOT, 'examples');
const EXAMPLES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));
const TESTS = readdirSync(__dirname)
	.filter((file) => file.startsWith('example-'))
	.map((file) => readFileSync(path.join(__dirname, file), 'utf8'))
	.join();

/** What the forms of real keys look like: ours, and those of services that examples name. */
const KEYS = [
	/\bwsk_\w+/,
	/\bsk[-_]\w{16,}/,
	/\bxox[abp]-/,
	/\bAKIA[A-Z0-9]{12,}/,
	/\b\d{8,10}:[\w-]{30,}/,
	/\bBearer\s+[\w-]{12,}/i,
	/\beyJ[\w-]{10,}\./,
];

const { client } = useTestbed();

let types: INodeTypeDescription[];

beforeAll(async () => {
	types = await client.nodeTypes();
});

function read(file: string): WorkflowJson {
	return JSON.parse(readFileSync(path.join(FOLDER, file), 'utf8')) as WorkflowJson;
}

/** Nothing of somebody's own n8n or accounts. */
function expectNoSecret(example: WorkflowJson): void {
	const text = JSON.stringify(example);
	for (const key of KEYS) expect(text).not.toMatch(key);
	expect(text).not.toMatch(/"(instanceId|ownedBy|shared)"/);
	expect(example.pinData ?? {}).toEqual({});
	const credentials = example.nodes.flatMap((node) => Object.values(node.credentials ?? {}));
	expect(credentials.filter(({ id }) => id)).toEqual([]);
}

/** Only nodes and parameters that this n8n knows, and all that ours needs. */
function expectKnown({ nodes }: WorkflowJson): void {
	for (const node of nodes) {
		const isType = ({ name, version }: INodeTypeDescription) =>
			name === node.type && [version].flat().includes(node.typeVersion);
		const type = types.find(isType);
		if (!type) throw new Error(`n8n has no ${node.type} ${node.typeVersion}`);
		const { properties } = type;
		const given = node.parameters;
		const kept = NodeHelpers.getNodeParameters(properties, given, true, false, node, type);
		// n8n forgets what it does not know.
		expect(kept).toMatchObject(given);
		// In the nodes of other services the user picks the file, the folder, the sheet.
		if (node.type !== NODE_TYPE) continue;
		const filled = { ...node, parameters: kept ?? {} };
		expect(NodeHelpers.getNodeParametersIssues(properties, filled, type)).toBeNull();
	}
}

describe.each(EXAMPLES)('examples/%s', (file) => {
	it('has no secret, and nothing that this n8n does not know', () => {
		expectNoSecret(read(file));
		expectKnown(read(file));
	});

	it('has our node in it, and notes, and is run by a test', () => {
		const all = read(file).nodes.map(({ type }) => type);
		expect(all).toContain(NODE_TYPE);
		expect(all).toContain('n8n-nodes-base.stickyNote');
		expect(TESTS).toContain(`'${path.basename(file, '.json')}'`);
	});
});
