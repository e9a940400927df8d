import type { INodeProperties } from 'n8n-workflow';
import { parseWebUrl } from '../api/urls';
import { isRefunded, standingOf } from '../api/prediction';
import { failedJobError } from '../job/errorMessages';
import { jobError } from '../job/jobError';
import { readPrediction } from '../job/readPrediction';
import type { Callback } from '../job/submitJob';
import type { ItemOutput } from '../n8n/items';
import { runItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import { mediaFields, optionsField, seedOption, showFor, simplifyField } from './fields';
import { namingJob, presentJob } from './finish';
import type { Operation } from './operation';
import type { Checked } from './start';
import { checkItems, describePaid, readOptions, requireChecked, startJob } from './start';

/** Milliseconds for which a refusal for too many requests is waited out: limits reset every minute. */
const PATIENCE_MS = 15 * 60_000;

const callbackUrlOption: INodeProperties = {
	displayName: 'Callback URL',
	name: 'callbackUrl',
	type: 'string',
	default: '',
	placeholder: 'e.g. https://example.com/webhook/video-ready',
	description:
		'Address that WaveSpeed calls when the job has ended. Do not trust what the call says: use Get Result with the ID in it.',
};

export const submit: Operation = {
	option: {
		name: 'Submit',
		value: 'submit',
		action: 'Submit a talking video of two people without waiting',
		description: 'Start a job and go on at once; Get Result fetches the video later',
	},
	fields: showFor('submit', [
		...mediaFields,
		simplifyField,
		optionsField(callbackUrlOption, seedOption),
	]),

	async execute(run) {
		const checked = await checkItems(run, (item) => readCallback(run, item));
		const paid = new Map<number, string>();
		return await runItems(
			run,
			async (item) => await submitItem(run, item, checked, paid),
			() => describePaid(paid),
		);
	},
};

async function submitItem(
	run: Run,
	item: number,
	checked: readonly Checked[],
	paid: Map<number, string>,
): Promise<ItemOutput> {
	const request = requireChecked(checked, item);
	const callback = readCallback(run, item);
	const job = await startJob(run, item, request, run.clock.now() + PATIENCE_MS, callback);
	paid.set(item, job.id);
	return await namingJob(job.id, item, paid, async () => {
		const prediction = job.prediction ?? (await readPrediction(run.client, job.id, run.clock));
		if (isRefunded(prediction)) run.jobStore.writeJob(job.key, { state: 'failed', id: job.id });
		if (standingOf(prediction) === 'failed') throw failedJobError(prediction);
		return { json: presentJob(run, item, prediction) };
	});
}

function readCallback(run: Run, item: number): Callback | undefined {
	const value = readOptions(run, item).callbackUrl;
	const text = typeof value === 'string' ? value.trim() : '';
	if (text === '') return undefined;
	if (parseWebUrl(text)) return { url: text };
	throw jobError(
		`Callback URL: "${text.slice(0, 80)}" is not a web address`,
		'Use an address that starts with https:// and that WaveSpeed can reach, or leave it empty.',
		{ step: 'check' },
	);
}
