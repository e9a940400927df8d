import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { SUBMIT_PATIENCE_MS } from '../api/limits';
import { failedJobError } from '../errors/errorMessages';
import { jobError } from '../errors/jobError';
import { checkCallbackUrl } from '../inputs/callbackUrl';
import { jobOutput } from '../output/output';
import { readPrediction } from '../polling/readPrediction';
import type { Webhook } from '../paidOnce/submitJob';
import type { Item } from '../n8n/item';
import type { ItemOutput } from '../n8n/items';
import { settleItems, toNodeItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import { costOptions } from './costOptions';
import { includeInputFieldsOption, optionsField, seedOption } from './fields';
import { factsOf, noteRefund, withJobContext } from './finishJob';
import { costNotice, mediaFields } from './mediaFields';
import type { Operation } from './operation';
import { outputForms, submittedFields } from './outputFields';
import type { OutputParameters } from './parameters';
import { noteInputFields, readOutputParameters } from './parameters';
import { prepareItems, requirePrepared } from './prepareItems';
import type { PreparedRequest } from './prepareRequests';
import { prepareRequests, readRequest } from './prepareRequests';
import { startJob } from './startJob';
import { modelOption } from './videoOptions';

const callbackUrlOption: INodeProperties = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/webhook/video-ready',
	description:
		'Public https URL that WaveSpeed calls when the job ends. Do not trust the content of the call: use Get Result with the ID in it.',
};

interface SubmitItem {
	request: PreparedRequest;
	output: OutputParameters;
	webhook?: Webhook;
}

export const submit: Operation = {
	resource: 'video',
	option: {
		name: 'Submit',
		value: 'submit',
		action: 'Submit a video',
		description: 'Start a job and continue without waiting. Get Result fetches the video later.',
	},
	fields: updateDisplayOptions({ show: { resource: ['video'], operation: ['submit'] } }, [
		costNotice,
		...mediaFields,
		...outputForms(submittedFields),
		optionsField(
			callbackUrlOption,
			includeInputFieldsOption,
			...costOptions,
			modelOption,
			seedOption,
		),
	]),

	async execute(run) {
		const prepared = await prepareItems(run, async (item) => {
			const webhook = readCallbackUrl(run, item);
			const output = readOutputParameters(item);
			noteInputFields(run, item);
			return { request: await readRequest(run, item), output, ...(webhook && { webhook }) };
		});
		const requests = await prepareRequests(run, prepared);
		const results = await settleItems(run, async (index) => {
			const item = {
				...requirePrepared(prepared, index),
				request: requirePrepared(requests, index),
			};
			return await submitItem(run, index, item);
		});
		if (results.every((result) => 'value' in result)) run.files.clear();
		return toNodeItems(run, results);
	},
};

async function submitItem(
	run: Run,
	index: number,
	{ request, output, webhook }: SubmitItem,
): Promise<ItemOutput> {
	const deadline = run.clock.now() + SUBMIT_PATIENCE_MS;
	const job = await startJob(run, { itemIndex: index, request, deadline, webhook });
	if (webhook && job.origin === 'reused') {
		run.report.addNote('WaveSpeed does not call the Callback URL for a reused job.');
	}
	return await withJobContext(run, index, job.id, async () => {
		const prediction = job.prediction ?? (await readPrediction(run.client, job.id, run.calls));
		noteRefund(run, index, job.key, prediction);
		if (prediction.state === 'failed') throw failedJobError(prediction);
		if (prediction.state === 'unfinished') {
			run.report.addNote(
				'The job is running at WaveSpeed. Use Get Result with its ID to get the video.',
			);
		}
		const { durationS } = request;
		const facts = factsOf(run, { ...job, ...(durationS !== undefined && { durationS }) });
		return { json: jobOutput(prediction, output.form, facts) };
	});
}

/** @throws JobError for an address that WaveSpeed cannot call */
function readCallbackUrl(run: Run, item: Item): Webhook | undefined {
	if (!item.hasOption(callbackUrlOption.name)) return undefined;
	const checked = checkCallbackUrl(item.option(callbackUrlOption.name));
	if (checked === undefined) return undefined;
	if ('message' in checked) {
		const { message, advice } = checked;
		throw jobError(`${callbackUrlOption.displayName}: ${message}`, advice, { step: 'check' });
	}
	if (checked.note) run.report.addNote(checked.note);
	return { url: checked.url };
}
