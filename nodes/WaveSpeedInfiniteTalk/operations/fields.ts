/** Fields that more than one operation has. */
import type { INodeProperties } from 'n8n-workflow';

interface Media {
	/** Name of the binary field unless the user gives another. */
	default: string;
	/** What the file shows or says, to go on after "with" and "to". */
	what: string;
	extension: string;
	/** What a node that gives the file may be called. */
	node: string;
}

/** A file or a link. The hints name the side: a swapped voice costs a whole video. */
function mediaField(name: string, displayName: string, media: Media): INodeProperties[] {
	const { what, extension, node } = media;
	const field: INodeProperties = {
		displayName,
		name,
		type: 'resourceLocator',
		// Lets n8n explain, in its own words, how to name a file of this or an earlier node.
		typeOptions: { binaryDataProperty: true },
		default: { mode: 'binary', value: media.default },
		required: true,
		description: `A file or a link with ${what}. Left and right are as you see the picture.`,
		displayOptions: { hide: { '@tool': [true] } },
		modes: [
			{
				displayName: 'File',
				name: 'binary',
				type: 'string',
				placeholder: `e.g. ${media.default}`,
				hint: `${capitalize(what)}. Drag its file or fileName here, or use {{ $('${node}').item.binary.data }}`,
			},
			{
				displayName: 'URL',
				name: 'url',
				type: 'string',
				placeholder: `e.g. https://example.com/${media.default.replace('_audio', '')}.${extension}`,
				hint: `Link to ${what}. Must open without a login.`,
			},
		],
	};
	// A model writes text, and has no files to name.
	const forTools: INodeProperties = {
		...field,
		default: { mode: 'url', value: '' },
		description: `Public https URL of ${what}, as seen in the picture. It must open without a login.`,
		displayOptions: { show: { '@tool': [true] } },
	};
	return [field, forTools];
}

function capitalize(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What a video is made of. */
export const mediaFields: INodeProperties[] = [
	{
		displayName:
			'WaveSpeed bills each second of video, and each takes 10 to 30 seconds to make. Stopping the workflow stops neither the job nor the bill.',
		name: 'costNotice',
		type: 'notice',
		default: '',
	},
	...mediaField('image', 'Image', {
		default: 'image',
		what: 'a picture of two people, one in each half',
		extension: 'png',
		node: 'Picture',
	}),
	...mediaField('leftAudio', 'Left Audio', {
		default: 'left_audio',
		what: 'the voice of the person on the left',
		extension: 'mp3',
		node: 'Left voice',
	}),
	...mediaField('rightAudio', 'Right Audio', {
		default: 'right_audio',
		what: 'the voice of the person on the right',
		extension: 'mp3',
		node: 'Right voice',
	}),
	{
		displayName: 'Speaking Order',
		name: 'order',
		type: 'options',
		default: 'meanwhile',
		description: 'Who speaks when: both together, or one after the other',
		options: [
			{
				name: 'Both at the Same Time',
				value: 'meanwhile',
				description: 'The video is as long as the longer voice. Best with voices of equal length.',
			},
			{
				name: 'Left First, Then Right',
				value: 'left_right',
				description: 'The video is as long as both voices together',
			},
			{
				name: 'Right First, Then Left',
				value: 'right_left',
				description: 'The video is as long as both voices together',
			},
		],
	},
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Two friends talk on a sofa and smile',
		description:
			'What happens in the video besides the talking, in a short English sentence. Can stay empty.',
	},
];

export const downloadField: INodeProperties = {
	displayName: 'Download Video',
	name: 'downloadVideo',
	type: 'boolean',
	default: true,
	description: 'Whether to put the video file into the output, besides its link',
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

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

export const seedOption: INodeProperties = {
	displayName: 'Seed',
	name: 'seed',
	type: 'number',
	typeOptions: { minValue: -1, maxValue: 2147483647, numberPrecision: 0 },
	default: -1,
	description:
		'The same seed with the same inputs gives the same video. -1 stands for a new one each time.',
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
		'How long to wait for the job. The longest clip (10 minutes) can take 5 hours, and jobs may queue.',
};

export const onTimeoutOption: INodeProperties = {
	displayName: 'On Timeout',
	name: 'onTimeout',
	type: 'options',
	default: 'fail',
	description: 'What to do when the job has not ended in time. It goes on at WaveSpeed either way.',
	options: [
		{ name: 'Fail', value: 'fail', description: 'The error names the job ID' },
		{
			name: 'Output the Unfinished Job',
			value: 'output',
			description: 'The item has its ID, its status and timed_out: true, and no video',
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
		'How many items may have an unfinished job at the same time. Jobs above the limit of your WaveSpeed account wait there, at no cost.',
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
				'Stored in the database where n8n allows it: a restart loses nothing, and no memory is held',
		},
		{
			name: 'Keep Running',
			value: 'keepRunning',
			description: 'The execution stays in memory. A restart of n8n ends it.',
		},
	],
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
