/** The fields of what a video is made of. */
import type { INodeProperties } from 'n8n-workflow';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import { SPEAKERS, type Speakers } from '../inputs/models';
import { capitalize } from '../shared/characters';

interface Media {
	/** Name of the binary field unless the user gives another. */
	default: string;
	/** What the file shows or says, to go on after "with" and "to". */
	what: string;
	extension: string;
	/** What a node that gives the file may be called. */
	node: string;
	/** When the field finds its file while it holds its default. */
	foundIf?: string;
	/** True when it can be silence as well. */
	canBeSilent?: boolean;
	/** True when it can stay empty. n8n would refuse a required field without a value. */
	isOptional?: boolean;
	/** Shown for so many speakers only. */
	speakers?: Speakers;
}

/** Lets the model of an agent fill the field, and says what to enter. */
function fromModel(key: string, description: string): string {
	return `={{ $fromAI('${key}', '${description}', 'string') }}`;
}

/** A file or a link. The hints of the fields name the side: a swapped voice costs a whole video. */
function mediaField(name: InputName, media: Media): INodeProperties[] {
	const { what, extension, node, foundIf, speakers } = media;
	const { canBeSilent = false, isOptional = canBeSilent } = media;
	const show = speakers && { show: { speakers: [speakers] } };
	const field: INodeProperties = {
		displayName: INPUT_LABELS[name],
		name,
		type: 'resourceLocator',
		// Lets n8n explain, in its own words, how to name a file of this or an earlier node.
		typeOptions: { binaryDataProperty: true },
		default: { mode: 'binary', value: media.default },
		...(isOptional ? {} : { required: true }),
		description: `${capitalize(what)}, as a file or a URL. ${speakers === 'one' ? '' : 'Left and right are as you see the picture. '}Click Expression to use a file from any earlier node, such as <code>{{ $('${node}').item.binary.data }}</code>.`,
		displayOptions: { ...show, hide: { '@tool': [true] } },
		modes: [
			{
				displayName: 'File',
				name: 'binary',
				type: 'string',
				placeholder: `e.g. ${media.default || 'mask'}`,
				hint: `${capitalize(what)}. ${foundIf ? `Found if ${foundIf}. Or d` : 'D'}rag its fileName here from Schema`,
			},
			{
				displayName: 'URL',
				name: 'url',
				type: 'string',
				placeholder: `e.g. https://example.com/${(media.default || 'mask').replace('_audio', '')}.${extension}`,
				hint: `Link to ${what}. It must open without a login.`,
				// The name of a binary field stays in the box when the mode is changed.
				validation: [
					{
						type: 'regex',
						properties: {
							regex: '([^]*[.:/{][^]*)?',
							errorMessage: 'Enter a URL that starts with https://, or choose File',
						},
					},
				],
			},
			...(canBeSilent
				? [
						{
							displayName: 'Silence',
							name: 'silence',
							type: 'string' as const,
							placeholder: 'Nothing to enter',
							hint: 'This person only listens. This box is ignored.',
						},
					]
				: []),
		],
	};
	// A model writes text, and has no files to name.
	const side = canBeSilent ? ', as seen in the picture' : '';
	const forModel = `Public https URL of ${what}${side}. It must open without a login.`;
	const forTools: INodeProperties = {
		...field,
		default: {
			mode: 'url',
			value: isOptional && !canBeSilent ? '' : fromModel(media.default, forModel),
		},
		description: forModel,
		displayOptions: { show: { ...show?.show, '@tool': [true] } },
	};
	return [field, forTools];
}

/** The one sound file of operations that make tracks. */
export function audioField(what: string): INodeProperties {
	const media = { default: 'data', what, extension: 'mp3', node: 'Speech' };
	const [field] = mediaField('audio', media);
	return { ...field!, description: `${capitalize(what)}, as a file or a URL` };
}

/** For operations that submit jobs. */
export const costNotice: INodeProperties = {
	displayName:
		'WaveSpeed bills each second of video, and each takes 10 to 30 seconds to make. Stop does not stop or refund the job. Run the workflow again with the same inputs to get its video without paying again.',
	name: 'costNotice',
	type: 'notice',
	default: '',
};

const onlyForTwo = { show: { speakers: ['two'] } };

export const speakersField: INodeProperties = {
	displayName: 'Speakers',
	name: 'speakers',
	type: 'options',
	default: 'two',
	description: 'How many people speak in the video',
	options: SPEAKERS.map(({ name, value }) => ({ name, value })),
};

const promptField: INodeProperties = {
	displayName: 'Prompt',
	name: 'prompt',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	placeholder: 'e.g. Two friends talk on a sofa and smile',
	description:
		'What happens in the video besides talking, in one short English sentence. Optional.',
	displayOptions: { hide: { '@tool': [true] } },
};

/** What a video is made of. */
export const mediaFields: INodeProperties[] = [
	speakersField,
	...mediaField('image', {
		default: 'image',
		what: 'a picture of the speakers, side by side',
		extension: 'png',
		node: 'Picture',
		foundIf: 'it is the only picture',
	}),
	...mediaField('audio', {
		default: 'audio',
		what: 'the voice',
		extension: 'mp3',
		node: 'Voice',
		foundIf: 'it is the only sound file',
		speakers: 'one',
	}),
	...mediaField('leftAudio', {
		default: 'left_audio',
		what: 'the voice of the person on the left',
		extension: 'mp3',
		node: 'Left voice',
		foundIf: 'the file or node is named "left"',
		canBeSilent: true,
		speakers: 'two',
	}),
	...mediaField('rightAudio', {
		default: 'right_audio',
		what: 'the voice of the person on the right',
		extension: 'mp3',
		node: 'Right voice',
		foundIf: 'the file or node is named "right"',
		canBeSilent: true,
		speakers: 'two',
	}),
	{
		displayName: 'Speaking Order',
		name: 'order',
		type: 'options',
		default: 'left_right',
		description: 'Who speaks first, or both at once',
		displayOptions: onlyForTwo,
		options: [
			{
				name: 'Both at the Same Time',
				value: 'meanwhile',
				description:
					'The video is as long as the longer voice. Use it for the voices from Combine Turns or Split Stereo.',
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
	promptField,
	{
		...promptField,
		default: fromModel('prompt', promptField.description!),
		displayOptions: { show: { '@tool': [true] } },
	},
	...mediaField('maskImage', {
		default: '',
		what: 'a mask that shows the speaker in white',
		extension: 'png',
		node: 'Mask',
		isOptional: true,
		speakers: 'one',
	}),
];
