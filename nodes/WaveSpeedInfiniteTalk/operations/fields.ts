/** Fields that more than one operation has. */
import type { INodeProperties } from 'n8n-workflow';

export const downloadField: INodeProperties = {
	displayName: 'Download Video',
	name: 'downloadVideo',
	type: 'boolean',
	default: true,
	description: 'Whether to output the video file in addition to its link',
	displayOptions: { hide: { '@tool': [true] } },
};

export const outputFieldField: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'outputField',
	type: 'string',
	default: 'data',
	required: true,
	hint: 'The name of the output binary field to put the file in',
	displayOptions: { show: { downloadVideo: [true] }, hide: { '@tool': [true] } },
};

export const seedOption: INodeProperties = {
	displayName: 'Seed',
	name: 'seed',
	type: 'number',
	typeOptions: { minValue: -1, maxValue: 2147483647, numberPrecision: 0 },
	default: -1,
	description:
		'The same seed with the same inputs gives a similar take. Use -1 for a new take each time. With Seed, the node never reuses a job.',
};

export const fileNameOption: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. dialogue.mp4',
	description: 'Name of the video file. Defaults to the job ID.',
	displayOptions: { show: { '/downloadVideo': [true] }, hide: { '@tool': [true] } },
};

export const timeoutOption: INodeProperties = {
	displayName: 'Timeout (Minutes)',
	name: 'timeoutMinutes',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 360,
	description:
		'How long to wait for the job. The default depends on the length of the voices: 90 seconds or more per second of video, and at least an hour.',
};

export const onTimeoutOption: INodeProperties = {
	displayName: 'On Timeout',
	name: 'onTimeout',
	type: 'options',
	default: 'fail',
	description:
		'What to do if the job does not finish in time. It continues at WaveSpeed either way.',
	options: [
		{ name: 'Fail', value: 'fail', description: 'Fail with an error that includes the job ID' },
		{
			name: 'Output the Unfinished Job',
			value: 'output',
			description: 'Output the ID, the status, and timed_out: true, without a video',
		},
	],
};

export const maxParallelJobsOption: INodeProperties = {
	displayName: 'Max Parallel Jobs',
	name: 'itemsInFlight',
	type: 'number',
	displayOptions: { hide: { '@tool': [true] } },
	typeOptions: { minValue: 1, maxValue: 500, numberPrecision: 0 },
	default: 50,
	description:
		'The most jobs to run at the same time. Jobs above the limit of your WaveSpeed account wait there at no cost.',
};

export const waitingOption: INodeProperties = {
	displayName: 'Waiting',
	name: 'waiting',
	type: 'options',
	displayOptions: { hide: { '@tool': [true] } },
	default: 'automatic',
	description: 'How the node waits for its jobs',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description:
				'Store the execution in the database where n8n allows it. It survives a restart and uses no memory.',
		},
		{
			name: 'Keep Running',
			value: 'keepRunning',
			description: 'Keep the execution in memory. A restart of n8n ends it.',
		},
	],
};

/** Begins switched on: whoever adds it wants the fields. */
export const includeInputFieldsOption: INodeProperties = {
	displayName: 'Include Input Fields',
	name: 'includeInputFields',
	type: 'boolean',
	displayOptions: { hide: { '@tool': [true] } },
	default: true,
	description:
		'Whether to include the fields of the input item in the output. If two fields have the same name, the one of this node wins.',
};

/** What is seldom changed. In alphabetical order, as n8n's lint asks for. */
export function optionsField(...options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options,
	};
}
