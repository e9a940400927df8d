import { updateDisplayOptions } from 'n8n-workflow';
import { isPredictionId } from '../api/prediction';
import { appendJobId } from '../job/errorMessages';
import { jobError } from '../job/jobError';
import { DEFAULT_MODEL } from '../job/models';
import { defaultTimeoutMs } from '../job/voiceLengths';
import { readPrediction } from '../job/readPrediction';
import type { Item } from '../n8n/item';
import { readInput } from '../n8n/item';
import type { ItemOutput } from '../n8n/items';
import { settleItems, toNodeItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import { Limit } from '../shared/limit';
import { openWaitingRun } from '../webhook/waitingRun';
import { planWait } from '../webhook/waitPlan';
import {
	downloadField,
	fileNameOption,
	onTimeoutOption,
	optionsField,
	outputFieldField,
	simplifyField,
	timeoutOption,
	waitingOption,
} from './fields';
import { finishJob, MAX_CONCURRENT_DOWNLOADS, toJson } from './finishJob';
import type { Operation } from './operation';
import type { OutputParameters, WaitParameters } from './parameters';
import { readOutputParameters, readWaitParameters } from './parameters';
import { prepareItems, requirePrepared } from './prepareItems';
import type { JobItem } from './jobTracker';
import { waitForJobs } from './waitForJobs';

/** Jobs read at the same time: one short request each. */
const MAX_CONCURRENT_READS = 10;

interface ResultItem {
	id: string;
	ifNotFinished: string;
	output: OutputParameters;
	wait: WaitParameters;
}

const onlyWhileWaiting = { show: { '/ifNotFinished': ['wait'] } };

export const getResult: Operation = {
	option: {
		name: 'Get Result',
		value: 'getResult',
		action: 'Get a talking video',
		description: 'Fetch a job that was submitted before, with its video when it is finished',
	},
	fields: updateDisplayOptions({ show: { resource: ['video'], operation: ['getResult'] } }, [
		{
			displayName: 'Job ID',
			name: 'predictionId',
			type: 'string',
			default: '={{ $json.id }}',
			required: true,
			placeholder: 'e.g. e6832d4abffb4d79bfbca19783fca133',
			description: 'The ID that Submit gave. WaveSpeed keeps jobs for 7 days.',
		},
		{
			displayName: 'If Not Finished',
			name: 'ifNotFinished',
			type: 'options',
			default: 'returnStatus',
			description: 'What to do while the job is still running',
			options: [
				{
					name: 'Return the Status',
					value: 'returnStatus',
					description: 'Output the job as it is now, so that the workflow can branch on its status',
				},
				{ name: 'Wait', value: 'wait', description: 'Wait until it has ended' },
				{ name: 'Fail', value: 'fail', description: 'Treat it as an error' },
			],
		},
		downloadField,
		outputFieldField,
		simplifyField,
		optionsField(
			fileNameOption,
			{ ...onTimeoutOption, displayOptions: onlyWhileWaiting },
			{ ...timeoutOption, displayOptions: onlyWhileWaiting },
			{
				...waitingOption,
				displayOptions: { ...waitingOption.displayOptions, ...onlyWhileWaiting },
			},
		),
	]),

	async execute(run) {
		const waiting = openWaitingRun(run);
		const prepared = await prepareItems(run, readItem);
		const [first] = readInput(run.context);
		if (first?.parameter('ifNotFinished') === 'wait') {
			const plan = planWait(run, first.option('waiting') === 'keepRunning', false);
			const items = prepared.map((result) =>
				'value' in result ? { value: toJobItem(run, result.value) } : result,
			);
			return await waitForJobs(run, items, { plan, maxParallelJobs: items.length, waiting });
		}
		const reads = new Limit(MAX_CONCURRENT_READS);
		const downloads = new Limit(MAX_CONCURRENT_DOWNLOADS);
		const results = await settleItems(run, async (index) => {
			return await readJob(run, requirePrepared(prepared, index), reads, downloads);
		});
		return toNodeItems(run, results);
	},
};

async function readItem(item: Item): Promise<ResultItem> {
	return {
		id: readId(item),
		ifNotFinished: String(item.parameter('ifNotFinished')),
		output: readOutputParameters(item),
		wait: readWaitParameters(item),
	};
}

function toJobItem(run: Run, { id, output, wait }: ResultItem): JobItem {
	return {
		output,
		wait: { ...wait, timeoutMs: wait.timeoutMs ?? defaultTimeoutMs(undefined, DEFAULT_MODEL) },
		async start() {
			const prediction = await readPrediction(run.client, id, run.clock);
			return { id, key: '', origin: 'resumed', prediction };
		},
	};
}

async function readJob(
	run: Run,
	{ id, ifNotFinished, output }: ResultItem,
	reads: Limit,
	downloads: Limit,
): Promise<ItemOutput> {
	const prediction = await reads.run(async () => await readPrediction(run.client, id, run.clock));
	if (prediction.state !== 'unfinished') return await finishJob(run, prediction, output, downloads);
	if (ifNotFinished === 'fail') {
		throw jobError(
			appendJobId(`The job is not finished: its status is ${prediction.status}`, id),
			'It goes on at WaveSpeed. Run Get Result again later, or set If Not Finished to Wait.',
			{ step: 'result', id, status: prediction.status },
		);
	}
	run.report.addHint('Not finished. Run Get Result with this ID.');
	return { json: toJson(prediction, output) };
}

function readId(item: Item): string {
	const value = item.parameter('predictionId');
	const id = typeof value === 'string' ? value.trim() : '';
	if (isPredictionId(id)) return id;
	const isEmpty = typeof value === 'string' ? id === '' : value === undefined || value === null;
	const shown = typeof value === 'string' ? `"${value.slice(0, 80)}"` : String(value);
	throw jobError(
		isEmpty ? 'Job ID is empty' : `Job ID: ${shown} is not the ID of a job`,
		'Connect Submit before this node, or paste an ID.',
		{ step: 'check' },
	);
}
