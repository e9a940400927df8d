import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Run } from '../n8n/run';

/** What an operation is about, as n8n stores it. */
export type Resource = 'account' | 'video';

/** One operation of the node: how it is offered, its fields, and what it does. */
export interface Operation {
	resource: Resource;
	option: INodePropertyOptions;
	fields: INodeProperties[];
	execute(run: Run): Promise<INodeExecutionData[]>;
}
