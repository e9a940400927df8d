import type { INodeProperties } from 'n8n-workflow';
import { combineTurns } from './combineTurns.operation';
import { deleteOperation } from './delete.operation';
import { getBalance } from './getBalance.operation';
import { getMany } from './getMany.operation';
import { getPrice } from './getPrice.operation';
import { getResult } from './getResult.operation';
import type { Operation, Resource } from './operation';
import { submit } from './submit.operation';
import { splitStereo } from './splitStereo.operation';
import { submitAndWait } from './submitAndWait.operation';

/**
 * In the order of the editor's lists, of actions as well: what most people want first. n8n asks for
 * alphabetical lists, which would begin with the balance and with Delete, and end with the first video.
 */
const operations: readonly Operation[] = [
	submitAndWait,
	submit,
	getResult,
	getPrice,
	getMany,
	deleteOperation,
	combineTurns,
	splitStereo,
	getBalance,
];

/** The operation with this stored name. @throws Error when there is none */
export function findOperation(name: string): Operation {
	const found = operations.find(({ option }) => option.value === name);
	if (!found) throw new Error(`The operation "${name}" does not exist in this version of the node`);
	return found;
}

/** What the order of the voices adds to the node's subtitle. */
const ORDER_SUFFIXES = {
	meanwhile: ': Both Speak',
	left_right: ': Left First',
	right_left: ': Right First',
};

/** What stands below the node's name on the canvas, such as "Submit and Wait: Left First". */
export const subtitle = `={{ (${JSON.stringify(operationNames())})[$rawParameter["operation"]] + (${JSON.stringify(ORDER_SUFFIXES)}[$rawParameter["order"]] || "") }}`;

function operationNames(): Record<string, string> {
	return Object.fromEntries(operations.map(({ option }) => [String(option.value), option.name]));
}

function operationField(resource: Resource, byDefault: string): INodeProperties {
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [resource] } },
		options: operations.filter((each) => each.resource === resource).map(({ option }) => option),
		default: byDefault,
	};
}

/** The one that most people want first, as above. */
const RESOURCES = [
	{ name: 'Video', value: 'video' },
	{ name: 'Audio', value: 'audio' },
	{ name: 'Account', value: 'account' },
];

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: RESOURCES,
		default: 'video',
	},
	operationField('video', 'submitAndWait'),
	operationField('audio', 'combineTurns'),
	operationField('account', 'getBalance'),
	...operations.flatMap(({ fields }) => fields),
];
