import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Run } from '../n8n/run';

/** One operation of the node: how it is offered, its fields, and what it does. */
export interface Operation {
	option: INodePropertyOptions;
	fields: INodeProperties[];
	execute(run: Run): Promise<INodeExecutionData[]>;
}
