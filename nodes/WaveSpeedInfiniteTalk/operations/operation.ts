import type { INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { LocalRun, Run } from '../n8n/run';

/** What an operation is about, as n8n stores it. */
export type Resource = Operation['resource'];

/** One operation of the node: how it is offered, its fields, and what it does. */
export type Operation = AccountOperation | LocalOperation;

interface AccountOperation extends Offer {
	resource: 'account' | 'video';
	execute(run: Run): Promise<INodeExecutionData[]>;
}

/** Needs no credential: nothing is sent. */
export interface LocalOperation extends Offer {
	resource: 'audio';
	execute(run: LocalRun): Promise<INodeExecutionData[]>;
}

interface Offer {
	option: INodePropertyOptions;
	fields: INodeProperties[];
}
