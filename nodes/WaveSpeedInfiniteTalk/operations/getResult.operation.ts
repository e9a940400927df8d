import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import type { Prediction } from '../api/prediction';
import { appendJobId } from '../errors/errorMessages';
import { jobError } from '../errors/jobError';
import { DEFAULT_MODEL } from '../inputs/models';
import { defaultTimeoutMs } from '../inputs/voiceLengths';
import { jobOutput } from '../output/output';
import { readPrediction } from '../polling/readPrediction';
import type { Item } from '../n8n/item';
import type { ItemOutput } from '../n8n/items';
import { settleItems, toNodeItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import { Semaphore } from '../shared/semaphore';
import type { Result } from '../shared/result';
import { openWaitingRun } from '../webhook/waitingRun';
import { planWait } from '../webhook/waitPlan';
import { addCharges, getChargeOption } from './charges';
import {
	downloadField,
	fileNameOption,
	includeInputFieldsOption,
	onTimeoutOption,
	optionsField,
	outputFieldField,
	timeoutOption,
	waitingOption,
} from './fields';
import { finishJob, MAX_CONCURRENT_DOWNLOADS } from './finishJob';
import { jobIdFields, readJobId } from './jobIdField';
import type { Operation } from './operation';
import { outputForms } from './outputFields';
import type { OutputParameters, WaitParameters } from './parameters';
import { noteInputFields, readOutputParameters, readWaitParameters } from './parameters';
import { firstValue, prepareItems, requirePrepared } from './prepareItems';
import { readChoice, readSwitchOption } from './readField';
import type { JobItem } from './jobTracker';
import { waitForJobs } from './waitForJobs';

/** Jobs read at the same time: one short request each. */
const MAX_CONCURRENT_READS = 10;

interface ResultItem {
	id: string;
	ifNotFinished: string;
	getCharge: boolean;
	output: OutputParameters;
	wait: WaitParameters;
}

/** Reads a job; few at the same time, and all wait when the service refuses one for too many. */
type ReadJob = (id: string) => Promise<Prediction>;

const ifNotFinishedField: INodeProperties = {
	displayName: 'If Not Finished',
	name: 'ifNotFinished',
	type: 'options',
	default: 'returnStatus',
	description: 'What to do if the job is still running',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Treat it as an error' },
		{
			name: 'Return the Status',
			value: 'returnStatus',
			description: 'Output the job as it is now so the workflow can branch on its status',
		},
		{ name: 'Wait', value: 'wait', description: 'Wait until the job ends' },
	],
};

const onlyWhileWaiting = { show: { '/ifNotFinished': ['wait'] } };

export const getResult: Operation = {
	resource: 'video',
	option: {
		name: 'Get Result',
		value: 'getResult',
		action: 'Get the result of a video',
		description: 'Get a job submitted earlier, with its video if it is finished',
	},
	fields: updateDisplayOptions({ show: { resource: ['video'], operation: ['getResult'] } }, [
		...jobIdFields,
		ifNotFinishedField,
		downloadField,
		outputFieldField,
		...outputForms(),
		optionsField(
			fileNameOption,
			getChargeOption,
			includeInputFieldsOption,
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
		const prepared = await prepareItems(run, async (item) => await readItem(run, item));
		const reads = new Semaphore(MAX_CONCURRENT_READS);
		const read: ReadJob = async (id) =>
			await reads.run(async () => await readPrediction(run.client, id, run.calls));
		const first = firstValue(prepared);
		if (first?.ifNotFinished === 'wait') {
			const plan = planWait(run, first.wait.keepRunning, false);
			const items = prepared.map((result) =>
				'value' in result ? { value: toJobItem(result.value, read) } : result,
			);
			const onOutputs = async (results: ReadonlyArray<Result<ItemOutput>>) =>
				await addWantedCharges(run, prepared, results);
			const maxParallelJobs = items.length;
			return await waitForJobs(run, items, { plan, maxParallelJobs, waiting, onOutputs });
		}
		const downloads = new Semaphore(MAX_CONCURRENT_DOWNLOADS);
		const results = await settleItems(run, async (index) => {
			return await outputJob(run, requirePrepared(prepared, index), read, downloads);
		});
		await addWantedCharges(run, prepared, results);
		return toNodeItems(run, results);
	},
};

async function readItem(run: Run, item: Item): Promise<ResultItem> {
	noteInputFields(run, item);
	return {
		id: readJobId(item),
		ifNotFinished: readChoice(item, ifNotFinishedField),
		getCharge: readSwitchOption(item, getChargeOption),
		output: readOutputParameters(item),
		wait: readWaitParameters(item),
	};
}

function toJobItem({ id, output, wait }: ResultItem, read: ReadJob): JobItem {
	return {
		output,
		isReusable: true,
		wait: { ...wait, timeoutMs: wait.timeoutMs ?? defaultTimeoutMs(undefined, DEFAULT_MODEL) },
		async start() {
			return { id, origin: 'resumed', prediction: await read(id) };
		},
	};
}

async function outputJob(
	run: Run,
	{ id, ifNotFinished, output }: ResultItem,
	read: ReadJob,
	downloads: Semaphore,
): Promise<ItemOutput> {
	const prediction = await read(id);
	if (prediction.state !== 'unfinished') return await finishJob(run, prediction, output, downloads);
	if (ifNotFinished === 'fail') {
		throw jobError(
			appendJobId(`The job is not finished: its status is ${prediction.status}`, id),
			'It continues at WaveSpeed. Run Get Result again later, or set If Not Finished to Wait.',
			{ step: 'result', id, status: prediction.status },
		);
	}
	run.report.addNote(
		'Not finished yet: run this node again later, or set If Not Finished to Wait.',
	);
	return { json: jobOutput(prediction, output.form) };
}

async function addWantedCharges(
	run: Run,
	prepared: ReadonlyArray<Result<ResultItem>>,
	results: ReadonlyArray<Result<ItemOutput>>,
): Promise<void> {
	const wanted = results.flatMap((result, index) => {
		const item = prepared[index];
		const isWanted = item && 'value' in item && item.value.getCharge;
		return isWanted && 'value' in result ? [result.value] : [];
	});
	await addCharges(run, wanted);
}
