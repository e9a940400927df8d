import type { INodeProperties } from 'n8n-workflow';
import { getResult } from './getResult.operation';
import type { Operation } from './operation';
import { submit } from './submit.operation';
import { submitAndWait } from './submitAndWait.operation';

const operations: readonly Operation[] = [getResult, submit, submitAndWait];

/** The operation with this stored name. @throws Error when there is none */
export function findOperation(name: string): Operation {
	const found = operations.find(({ option }) => option.value === name);
	if (!found) throw new Error(`The operation "${name}" does not exist in this version of the node`);
	return found;
}

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [{ name: 'Video', value: 'video' }],
		default: 'video',
	},
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['video'] } },
		options: operations.map(({ option }) => option),
		default: 'submitAndWait',
	},
	...operations.flatMap(({ fields }) => fields),
];
