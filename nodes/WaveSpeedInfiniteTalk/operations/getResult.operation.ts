import { isPredictionId, standingOf } from '../api/prediction';
import { appendJobId } from '../job/errorMessages';
import { Limit } from '../shared/limit';
import { jobError } from '../job/jobError';
import { readPrediction } from '../job/readPrediction';
import type { ItemOutput } from '../n8n/items';
import { runItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import {
	downloadField,
	fileNameOption,
	onTimeoutOption,
	optionsField,
	outputFieldField,
	showFor,
	simplifyField,
	timeoutOption,
} from './fields';
import { afterTimeout, createEnding, finishJob, presentJob, waitForJob } from './finish';
import type { Operation } from './operation';

/** Jobs read at the same time: one short call each. */
const READS_AT_ONCE = 10;

export const getResult: Operation = {
	option: {
		name: 'Get Result',
		value: 'getResult',
		action: 'Get the result of a talking video job',
		description: 'Fetch a job that was submitted before, with its video when it is finished',
	},
	fields: showFor('getResult', [
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
		optionsField(fileNameOption, onTimeoutOption, timeoutOption),
	]),

	async execute(run) {
		const { downloads } = createEnding();
		const reads = new Limit(READS_AT_ONCE);
		return await runItems(run, async (item) => await readJob(run, item, reads, downloads));
	},
};

async function readJob(
	run: Run,
	item: number,
	reads: Limit,
	downloads: Limit,
): Promise<ItemOutput> {
	const id = readId(run, item);
	const ifNotFinished = String(run.context.getNodeParameter('ifNotFinished', item));
	const prediction = await reads.run(async () => await readPrediction(run.client, id, run.clock));
	if (standingOf(prediction) !== 'unfinished')
		return await finishJob(run, item, prediction, downloads);
	if (ifNotFinished === 'returnStatus') return { json: presentJob(run, item, prediction) };
	if (ifNotFinished === 'fail') {
		throw jobError(
			appendJobId(`The job is not finished: its status is ${prediction.status}`, id),
			'It goes on at WaveSpeed. Run Get Result again later, or set If Not Finished to Wait.',
			{ step: 'result', id, status: prediction.status },
		);
	}
	const job = { id, prediction };
	const last = await waitForJob(run, item, job);
	if (!last || standingOf(last) === 'unfinished') return afterTimeout(run, item, id, last);
	return await finishJob(run, item, last, downloads);
}

function readId(run: Run, item: number): string {
	const value: unknown = run.context.getNodeParameter('predictionId', item);
	const id = typeof value === 'string' ? value.trim() : '';
	if (isPredictionId(id)) return id;
	const shown = typeof value === 'string' ? `"${value.slice(0, 80)}"` : String(value);
	throw jobError(
		id === '' ? 'Job ID: it is empty' : `Job ID: ${shown} is not the ID of a job`,
		'Use the field "id" of the output of Submit, such as {{ $json.id }}.',
		{ step: 'check' },
	);
}
