/** Options of what the video is made of, and of what makes it. */
import type { INodeProperties } from 'n8n-workflow';
import { MODELS } from '../inputs/models';

export const modelOption: INodeProperties = {
	displayName: 'Model',
	name: 'model',
	type: 'options',
	default: 'infinitetalkFast',
	description: 'The model that makes the video. More expensive models look better.',
	options: Object.values(MODELS)
		.map(({ name, label, description }) => ({ name: label, value: name, description }))
		.sort((a, b) => a.name.localeCompare(b.name)),
};
