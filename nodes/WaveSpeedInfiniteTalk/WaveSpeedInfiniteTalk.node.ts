import type {
	IExecuteFunctions,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { toResult } from './shared/result';
import { testWaveSpeedApi } from './n8n/credentialTest';
import { toFailedItems, toRunError } from './n8n/items';
import { continuesOnFail } from './n8n/tool';
import { readMarker, removeGuard, resumeWebhooks } from './webhook/pause';
import { createLocalRun, createRun } from './n8n/run';
import { searchJobs } from './n8n/searchJobs';
import { handleWebhook } from './webhook/handleWebhook';
import { enterRound } from './webhook/rounds';
import { findOperation, properties, subtitle } from './operations';

export class WaveSpeedInfiniteTalk implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'WaveSpeed InfiniteTalk',
		name: 'waveSpeedInfiniteTalk',
		icon: {
			light: 'file:../../icons/wavespeed-infinitetalk.svg',
			dark: 'file:../../icons/wavespeed-infinitetalk.dark.svg',
		},
		group: ['transform'],
		// Not 1: for nodes of version 1, n8n 2.40 evaluates an expression of its own whenever a call resumes
		// a stored execution. In combined binary mode that fails with HTTP 500.
		version: 1.1,
		subtitle,
		description: 'Turn a picture and one or two voices into a talking video',
		defaults: { name: 'WaveSpeed InfiniteTalk' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [
			{
				name: 'waveSpeedInfiniteTalkApi',
				required: true,
				testedBy: 'testWaveSpeedApi',
				displayOptions: { hide: { resource: ['audio'] } },
			},
		],
		waitingNodeTooltip: 'WaveSpeed is making the video. The workflow continues automatically.',
		webhooks: resumeWebhooks,
		properties,
	};

	methods = { credentialTest: { testWaveSpeedApi }, listSearch: { searchJobs } };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		// Before anything can throw: the guard may exist only while the execution is stored.
		removeGuard(this);
		if (this.getInputData().length === 0) return [[]];
		const result = await toResult(runOperation(this));
		if ('value' in result) return [result.value];
		const jobIds = readMarker(this)?.ids ?? [];
		const isStopped = this.getExecutionCancelSignal()?.aborted === true;
		if (continuesOnFail(this) && !isStopped) return [toFailedItems(this, result.error, jobIds)];
		throw toRunError(this, result.error, jobIds);
	}

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await handleWebhook(this);
	}
}

async function runOperation(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	enterRound(context);
	const operation = findOperation(context.getNodeParameter('operation', 0));
	return operation.resource === 'audio'
		? await operation.execute(createLocalRun(context))
		: await operation.execute(await createRun(context));
}
