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

/** By resource, then by name: n8n asks for lists in alphabetical order. */
const operations: readonly Operation[] = [
	getBalance,
	combineTurns,
	splitStereo,
	deleteOperation,
	getMany,
	getPrice,
	getResult,
	submit,
	submitAndWait,
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

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Account', value: 'account' },
			{ name: 'Audio', value: 'audio' },
			{ name: 'Video', value: 'video' },
		],
		default: 'video',
	},
	operationField('video', 'submitAndWait'),
	operationField('account', 'getBalance'),
	operationField('audio', 'combineTurns'),
	...operations.flatMap(({ fields }) => fields),
];
