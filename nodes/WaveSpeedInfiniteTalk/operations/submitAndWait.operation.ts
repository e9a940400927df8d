import { updateDisplayOptions } from 'n8n-workflow';
import { requireModel } from '../inputs/models';
import { defaultTimeoutMs } from '../inputs/voiceLengths';
import type { WaitingItem } from '../paidOnce/storedState';
import type { Item } from '../n8n/item';
import type { Run } from '../n8n/run';
import { openWaitingRun } from '../webhook/waitingRun';
import { planWait } from '../webhook/waitPlan';
import { costOptions } from './costOptions';
import {
	downloadField,
	fileNameOption,
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
import { readModel, readOutputParameters, readWaitParameters } from './parameters';
import type { PreparedRequest } from './prepareItems';
import { firstValue, prepareItems, prepareRequest } from './prepareItems';
import { startJob } from './startJob';
import type { JobItem } from './jobTracker';
import { evenOutLengthsOption, modelOption } from './videoOptions';
import { waitForJobs } from './waitForJobs';

export const submitAndWait: Operation = {
	resource: 'video',
	option: {
		name: 'Submit and Wait',
		value: 'submitAndWait',
		action: 'Create a talking video',
		description:
			'Make a talking video from a picture of two people and two voices, and wait for it',
	},
	fields: updateDisplayOptions({ show: { resource: ['video'], operation: ['submitAndWait'] } }, [
		costNotice,
		...mediaFields,
		downloadField,
		outputFieldField,
		...outputForms(submittedFields),
		optionsField(
			evenOutLengthsOption,
			fileNameOption,
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
		const prepared = await prepareItems(run, async (item) => {
			return await prepare(run, item, waiting?.items[item.index]);
		});
		const { keepRunning = false, maxParallelJobs = 1 } = firstValue(prepared)?.wait ?? {};
		const plan = planWait(run, keepRunning);
		return await waitForJobs(run, prepared, { plan, maxParallelJobs, waiting });
	},
};

/** @param stored how far the item had come when the execution was stored */
async function prepare(run: Run, item: Item, stored: WaitingItem | undefined): Promise<JobItem> {
	const output = readOutputParameters(item);
	const wait = readWaitParameters(item);
	// The inputs of a job that exists are not needed any more; their files may be gone.
	const isSubmitted = stored !== undefined && stored.state !== 'pending';
	const request = isSubmitted ? undefined : await prepareRequest(run, item);
	const { durationS } = request ?? (stored?.state === 'running' ? stored : {});
	const model = request?.model ?? requireModel(readModel(item));
	return {
		output,
		wait: { ...wait, timeoutMs: wait.timeoutMs ?? defaultTimeoutMs(durationS, model) },
		...(durationS !== undefined && { durationS }),
		start: async (deadline, webhook) =>
			await startJob(run, item.index, requireRequest(request), deadline, webhook),
	};
}

function requireRequest(request: PreparedRequest | undefined): PreparedRequest {
	if (request) return request;
	throw new Error('The job exists already');
}
