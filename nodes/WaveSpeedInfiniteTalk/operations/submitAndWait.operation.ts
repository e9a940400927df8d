import type { Prediction } from '../api/prediction';
import { Limit } from '../shared/limit';
import type { CheckedRequest } from '../job/request';
import { runItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import {
	downloadField,
	fileNameOption,
	itemsInFlightOption,
	mediaFields,
	onTimeoutOption,
	optionsField,
	outputFieldField,
	seedOption,
	showFor,
	simplifyField,
	timeoutOption,
} from './fields';
import type { Ending } from './finish';
import { createEnding, deadlineOf, endItem, waitForJob } from './finish';
import type { Operation } from './operation';
import type { Started } from './start';
import { checkItems, describePaid, readOptions, requireChecked, startJob } from './start';
import { callbackOf, resumeAfterCall, submitAndPause } from './waitByWebhook';

export const submitAndWait: Operation = {
	option: {
		name: 'Submit and Wait',
		value: 'submitAndWait',
		action: 'Make a talking video of two people and wait for it',
		description:
			'Make a talking video from a picture of two people and two voices, and wait for it',
	},
	fields: showFor('submitAndWait', [
		...mediaFields,
		{
			displayName: 'Wait By',
			name: 'waitBy',
			type: 'options',
			default: 'polling',
			description: 'How to notice that the video is finished',
			options: [
				{
					name: 'Polling',
					value: 'polling',
					description: 'Ask WaveSpeed again and again. Works everywhere.',
				},
				{
					name: 'Webhook',
					value: 'webhook',
					description:
						'Pause the execution until WaveSpeed calls. n8n may restart meanwhile, but must be reachable from the internet.',
				},
			],
		},
		downloadField,
		outputFieldField,
		simplifyField,
		optionsField(fileNameOption, itemsInFlightOption, onTimeoutOption, seedOption, timeoutOption),
	]),

	async execute(run) {
		const ending = createEnding();
		const resumed = await resumeAfterCall(run, ending);
		if (resumed) return resumed;
		const byWebhook = run.context.getNodeParameter('waitBy', 0, 'polling') === 'webhook';
		const checked = await checkItems(run, byWebhook ? () => callbackOf(run) : undefined);
		const callback = byWebhook ? callbackOf(run) : undefined;
		if (callback) return await submitAndPause(run, checked, callback, ending);
		const inFlight = new Limit(readItemsInFlight(run));
		return await runItems(
			run,
			async (item) => {
				const request = requireChecked(checked, item);
				const { job, last } = await inFlight.run(async () => {
					return await submitAndPoll(run, item, request, ending);
				});
				return await endItem(run, item, job, last, ending);
			},
			() => describePaid(ending.paid),
		);
	},
};

async function submitAndPoll(
	run: Run,
	item: number,
	request: CheckedRequest,
	ending: Ending,
): Promise<{ job: Started; last: Prediction | undefined }> {
	const job = await startJob(run, item, request, deadlineOf(run, item));
	ending.paid.set(item, job.id);
	const last = await waitForJob(run, item, job);
	return { job, last };
}

function readItemsInFlight(run: Run): number {
	const wished = Math.floor(Number(readOptions(run, 0).itemsInFlight ?? 50));
	return Number.isFinite(wished) ? Math.max(1, wished) : 50;
}
