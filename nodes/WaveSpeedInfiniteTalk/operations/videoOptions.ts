/** Options of what the video is made of, and of what makes it. */
import type { INodeProperties } from 'n8n-workflow';

export const evenOutLengthsOption: INodeProperties = {
	displayName: 'Even Out Lengths',
	name: 'evenOutLengths',
	type: 'boolean',
	default: false,
	description:
		'Whether to add silence to the shorter voice where both speak at the same time, so that both are equally long. The shorter one must be a WAV file.',
};

/** Its values are the names in `job/models.ts`. */
export const modelOption: INodeProperties = {
	displayName: 'Model',
	name: 'model',
	type: 'options',
	default: 'infinitetalkFast',
	description: 'What makes the video. Dearer models give a better picture.',
	options: [
		{
			name: 'InfiniteTalk 480p',
			value: 'infinitetalk480p',
			description: 'The full model, at about twice the price of Fast',
		},
		{
			name: 'InfiniteTalk 720p',
			value: 'infinitetalk720p',
			description: 'The full model in a higher resolution, at about four times the price of Fast',
		},
		{
			name: 'InfiniteTalk Fast',
			value: 'infinitetalkFast',
			description: 'The cheapest one, for drafts and for most videos',
		},
		{
			name: 'LongCat Avatar 1.5',
			value: 'longcatAvatar15',
			description: 'A newer model for up to 30 seconds, at about twice the price of Fast',
		},
	],
};
