import {
	NodeHelpers,
	type INode,
	type INodeParameters,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { PACKAGE, type WorkflowJson } from '../../testbed';

/** What the forms of real keys look like: ours, and those of services that examples name. */
const SECRETS = [
	/\bwsk_\w+/,
	/\bsk[-_]\w{16,}/,
	/\bxox[abp]-/,
	/\bAKIA[A-Z0-9]{12,}/,
	/\b\d{8,10}:[\w-]{30,}/,
	/\bBearer\s+[\w-]{12,}/i,
	/\beyJ[\w-]{10,}\./,
];

/** What is wrong with a workflow file that is to be given away; empty when nothing is. */
export function issuesOf(example: WorkflowJson, types: readonly INodeTypeDescription[]): string[] {
	return [
		...secretsIn(example),
		...example.nodes.flatMap((node) => {
			const type = types.find((each) => each.name === node.type && hasVersion(each, node));
			if (!type) return [`${node.name}: n8n has no ${node.type} ${node.typeVersion}`];
			return parameterMistakes(node, type).map((mistake) => `${node.name}: ${mistake}`);
		}),
	];
}

/** Parameters that the node does not have in this place, and values that it does not take. */
function parameterMistakes(node: INode, type: INodeTypeDescription): string[] {
	const { properties } = type;
	const filled = NodeHelpers.getNodeParameters(
		properties,
		node.parameters,
		true,
		false,
		node,
		type,
	);
	const complete: INode = { ...node, parameters: filled ?? {} };
	const issues = NodeHelpers.getNodeParametersIssues(properties, complete, type);
	const inWords = issues ? NodeHelpers.nodeIssuesToString(issues, complete) : [];
	// In the nodes of other services the user picks the file, the folder, the sheet.
	const isOurs = node.type.startsWith(`${PACKAGE}.`);
	return [
		...missing(node.parameters, filled ?? {}),
		...inWords.filter((issue) => isOurs || !/^Parameter ".+" is required\.$/.test(issue)),
		...unknownValues(complete, type),
	];
}

/** Values that no list of the editor has. */
function unknownValues(node: INode, type: INodeTypeDescription): string[] {
	const { parameters } = node;
	return type.properties.flatMap((property) => {
		const { name, options = [] } = property;
		const value = parameters[name];
		const isShown = NodeHelpers.displayParameter(parameters, property, node, type);
		const isList = property.type === 'options' && !property.typeOptions?.loadOptionsMethod;
		if (!isShown || !isList || value === undefined || isExpression(value)) return [];
		if (options.some((option) => 'value' in option && option.value === value)) return [];
		return [`${name} cannot be ${JSON.stringify(value)}`];
	});
}

function isExpression(value: unknown): boolean {
	return typeof value === 'string' && value.startsWith('=');
}

/** Paths of `given` that are not in `kept`, which n8n therefore forgets. */
function missing(given: INodeParameters, kept: INodeParameters, at = ''): string[] {
	return Object.entries(given).flatMap(([key, value]) => {
		const path = at === '' ? key : `${at}.${key}`;
		const there = kept[key];
		if (there === undefined) return [`there is no parameter ${path}`];
		if (!isObject(value) || !isObject(there)) {
			return JSON.stringify(value) === JSON.stringify(there) ? [] : [`${path} is changed`];
		}
		return missing(value, there, path);
	});
}

/** True for lists as well, whose entries n8n fills up with defaults. */
function isObject(value: unknown): value is INodeParameters {
	return typeof value === 'object' && value !== null;
}

function hasVersion({ version }: INodeTypeDescription, { typeVersion }: INode): boolean {
	return [version].flat().includes(typeVersion);
}

function secretsIn(example: WorkflowJson): string[] {
	const text = JSON.stringify(example);
	const found = SECRETS.filter((pattern) => pattern.test(text));
	const credentials = example.nodes.flatMap((node) =>
		Object.values(node.credentials ?? {})
			.filter(({ id }) => id)
			.map(({ id }) => `${node.name}: names the credential ${id} of somebody's n8n`),
	);
	const pinned = Object.keys(example.pinData ?? {}).map((name) => `${name}: has pinned data`);
	const owner = /"(instanceId|ownedBy|shared)"/.exec(text);
	return [
		...found.map((pattern) => `it holds what looks like a secret: ${pattern.source}`),
		...credentials,
		...pinned,
		...(owner ? [`it says whose it is: ${owner[1]}`] : []),
	];
}
