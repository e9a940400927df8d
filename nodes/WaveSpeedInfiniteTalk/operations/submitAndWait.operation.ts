import { updateDisplayOptions } from 'n8n-workflow';
import type { Model } from '../inputs/models';
import { requireModel } from '../inputs/models';
import { defaultTimeoutMs } from '../inputs/voiceLengths';
import type { WaitingItem } from '../paidOnce/storedState';
import type { Item } from '../n8n/item';
import type { Run } from '../n8n/run';
import { openWaitingRun } from '../webhook/waitingRun';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';
import { planWait } from '../webhook/waitPlan';
import { costOptions } from './costOptions';
import {
	downloadField,
	fileNameOption,
	includeInputFieldsOption,
	maxParallelJobsOption,
	onTimeoutOption,
	optionsField,
	outputFieldField,
	seedOption,
	timeoutOption,
	waitingOption,
} from './fields';
import { costNotice, mediaFields } from './mediaFields';
import type { Operation } from './operation';
import { outputForms, submittedFields } from './outputFields';
import type { OutputParameters, WaitParameters } from './parameters';
import { noteInputFields, readModel, readOutputParameters, readWaitParameters } from './parameters';
import { firstValue, prepareItems, requirePrepared } from './prepareItems';
import type { PreparedRequest, ReadRequest } from './prepareRequests';
import { prepareRequests, readRequest } from './prepareRequests';
import { startJob } from './startJob';
import type { JobItem } from './jobTracker';
import { modelOption } from './videoOptions';
import { waitForJobs } from './waitForJobs';

export const submitAndWait: Operation = {
	resource: 'video',
	option: {
		name: 'Submit and Wait',
		value: 'submitAndWait',
		action: 'Submit and wait for a video',
		description: 'Make a talking video from a picture and one or two voices, and wait for it',
	},
	fields: updateDisplayOptions({ show: { resource: ['video'], operation: ['submitAndWait'] } }, [
		costNotice,
		...mediaFields,
		downloadField,
		outputFieldField,
		...outputForms(submittedFields),
		optionsField(
			fileNameOption,
			includeInputFieldsOption,
			...costOptions,
			maxParallelJobsOption,
			modelOption,
			onTimeoutOption,
			seedOption,
			timeoutOption,
			waitingOption,
		),
	]),

	async execute(run) {
		const waiting = openWaitingRun(run);
		const read = await prepareItems(run, async (item) => {
			return await readItem(run, item, waiting?.items[item.index]);
		});
		const requests = await prepareRequests(run, read);
		const prepared = await Promise.all(
			read.map(async (_item, index) => await toResult(toJobItem(run, index, read, requests))),
		);
		const { keepRunning = false, maxParallelJobs = 1 } = firstValue(read)?.wait ?? {};
		const plan = planWait(run, keepRunning);
		return await waitForJobs(run, prepared, { plan, maxParallelJobs, waiting });
	},
};

interface SubmitAndWaitItem {
	output: OutputParameters;
	wait: WaitParameters;
	model: Model;
	/** Length of the video of a job that exists, in seconds. */
	durationS: number | undefined;
	/** With a seed of the user's, no job is used again. */
	isReusable: boolean;
	/** Undefined for a job that exists: its inputs are not needed any more, and may be gone. */
	request: ReadRequest | undefined;
}

/** @param stored how far the item had come when the execution was stored */
async function readItem(
	run: Run,
	item: Item,
	stored: WaitingItem | undefined,
): Promise<SubmitAndWaitItem> {
	const output = readOutputParameters(item);
	noteInputFields(run, item);
	const wait = readWaitParameters(item);
	const isSubmitted = stored !== undefined && stored.state !== 'pending';
	const request = isSubmitted ? undefined : await readRequest(run, item, stored !== undefined);
	const durationS = stored?.state === 'running' ? stored.durationS : undefined;
	const model = request?.model ?? requireModel(readModel(item));
	return {
		output,
		wait,
		model,
		durationS,
		isReusable: !item.hasOption(seedOption.name),
		request,
	};
}

/** @throws JobError why the item cannot be submitted */
async function toJobItem(
	run: Run,
	index: number,
	read: ReadonlyArray<Result<SubmitAndWaitItem>>,
	requests: ReadonlyArray<Result<PreparedRequest | undefined>>,
): Promise<JobItem> {
	const { output, wait, model, isReusable, ...item } = requirePrepared(read, index);
	const request = requirePrepared(requests, index);
	const durationS = request?.durationS ?? item.durationS;
	return await Promise.resolve({
		output,
		isReusable,
		wait: { ...wait, timeoutMs: wait.timeoutMs ?? defaultTimeoutMs(durationS, model) },
		...(durationS !== undefined && {
			durationS,
			usualMs: durationS * model.workPerSecond * 1000,
		}),
		...(request && { files: request.files }),
		start: async (deadline, webhook) =>
			await startJob(run, {
				itemIndex: index,
				request: requireRequest(request),
				deadline,
				webhook,
			}),
	});
}

function requireRequest(request: PreparedRequest | undefined): PreparedRequest {
	if (request) return request;
	throw new Error('The job exists already');
}
