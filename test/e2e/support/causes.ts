import { randomBytes } from 'node:crypto';
import type { Emulator } from '../../emulator/emulator';
import type { Parameters } from '../../testbed/workflow';
import { FROM_NODES, media } from '../../testbed/video-node';

/** Something that can become of an item. */
export interface Cause {
	/** Stands in the item's field `cause`, and in the prompt of its job. */
	readonly name: string;
	/** How the sentence of the error begins; undefined when the item does not fail. */
	readonly sentence?: string;
	/** Whether there is a job, whose ID every message must carry. */
	readonly hasJob: boolean;
	/** What the workflow finds in `details`, besides the job's ID and the next step. */
	readonly details: Readonly<Record<string, unknown>>;
	/** Part of the next step. */
	readonly next: string;
	/** Makes it happen to the jobs and files of this cause, and to no others. */
	prepare(emulator: Emulator): void;
}

/** A file that no item needs but the one whose upload is to fail. */
export const OTHER_FILE = 'left-voice.wav';

/** The parameters that make the cause of each item happen, in which the node has a part. */
export const PER_ITEM: Parameters = {
	...FROM_NODES,
	leftAudio: media(
		'binary',
		`={{ $json.cause === 'check'
			? 'nowhere'
			: $($json.cause === 'upload' ? 'Other voice' : 'Left voice').first().binary.data }}`,
	),
	prompt: '={{ $json.cause }}',
	options: {
		waiting: 'keepRunning',
		timeoutMinutes: "={{ $json.cause.startsWith('timeout') ? 0.1 : 360 }}",
		onTimeout: "={{ $json.cause === 'timeout, output' ? 'output' : 'fail' }}",
	},
};

const matching = (name: string) => ({ body: `"prompt":"${name}"` });
const refusal = (status: number, message: string) => ({
	respond: { status, body: { code: status, message, data: null } },
});

export const CAUSES: readonly Cause[] = [
	{
		name: 'good',
		hasJob: true,
		details: {},
		next: '',
		prepare: () => undefined,
	},
	{
		name: 'check',
		sentence: 'Left Audio: no file reaches this node',
		hasJob: false,
		details: { step: 'check', input: 'leftAudio' },
		next: 'Use the files of the nodes before by expression',
		prepare: () => undefined,
	},
	{
		name: 'upload',
		sentence: 'Left Audio: This kind of file is not taken',
		hasJob: false,
		details: { step: 'upload', input: 'leftAudio', http_status: 400 },
		next: 'Correct the field that the message names',
		prepare: ({ faults }) => {
			const match = { body: OTHER_FILE };
			faults.add({ on: 'ticket', match, do: refusal(400, 'This kind of file is not taken') });
		},
	},
	{
		name: 'refused',
		sentence: 'Invalid parameter "prompt": it is too short',
		hasJob: false,
		details: { step: 'submit', http_status: 400 },
		next: 'Correct the field that the message names',
		prepare: ({ faults }) => {
			const sentence = 'Invalid parameter "prompt": it is too short';
			faults.add({ on: 'submit', match: matching('refused'), do: refusal(400, sentence) });
		},
	},
	{
		name: 'credit',
		sentence: 'Insufficient credits. Please top up your account.',
		hasJob: false,
		details: { step: 'submit', http_status: 402 },
		next: 'wavespeed.ai/top-up',
		prepare: ({ faults }) => {
			const sentence = 'Insufficient credits. Please top up your account.';
			faults.add({ on: 'submit', match: matching('credit'), do: refusal(402, sentence) });
		},
	},
	{
		name: 'failed job',
		sentence: 'The picture shows somebody famous',
		hasJob: true,
		details: { step: 'result', status: 'failed', code: 1200 },
		next: 'The content check refused the inputs',
		prepare: (emulator) => {
			const end = { status: 'failed', code: 1200, error: 'The picture shows somebody famous' };
			emulator.scriptJob({ match: matching('failed job').body, seconds: 0, end });
		},
	},
	{
		name: 'timeout',
		sentence: 'The job has not ended within 0.1 minutes',
		hasJob: true,
		details: { step: 'wait', status: 'processing' },
		next: 'Run Get Result with this ID later',
		prepare: (emulator) => {
			emulator.scriptJob({ match: matching('timeout').body, seconds: 'never' });
		},
	},
	{
		name: 'timeout, output',
		hasJob: true,
		details: {},
		next: '',
		prepare: (emulator) => {
			emulator.scriptJob({ match: matching('timeout, output').body, seconds: 'never' });
		},
	},
	{
		name: 'download',
		sentence: 'The video is finished, but it could not be downloaded',
		hasJob: true,
		details: { step: 'download', status: 'completed' },
		next: 'fetch the address with an HTTP Request node',
		prepare: (emulator) => {
			const id = `lost_${randomBytes(8).toString('hex')}`;
			emulator.scriptJob({ match: matching('download').body, seconds: 0, id });
			emulator.faults.add({ on: 'download', match: { url: id }, do: { respond: { status: 404 } } });
		},
	},
];

export const FAILURES = CAUSES.filter(({ sentence }) => sentence !== undefined);
