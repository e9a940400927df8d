/** The field that names a job, and how it is read. */
import type { INodeProperties } from 'n8n-workflow';
import { jobIdFrom } from '../api/jobLink';
import { jobError } from '../errors/jobError';
import { shorten, shortenValue } from '../shared/characters';
import type { Item } from '../n8n/item';

/** What Submit gave. */
const FROM_ITEM = '={{ $json.id }}';

const field: INodeProperties = {
	displayName: 'Job ID',
	name: 'predictionId',
	type: 'resourceLocator',
	default: { mode: 'id', value: FROM_ITEM },
	required: true,
	description: 'The ID that Submit returned. WaveSpeed keeps jobs for 7 days.',
	displayOptions: { hide: { '@tool': [true] } },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a job…',
			typeOptions: { searchListMethod: 'searchJobs', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. e6832d4abffb4d79bfbca19783fca133',
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://api.wavespeed.ai/api/v3/predictions/e6832d4abffb…',
			hint: 'A link to the job in the API or on the WaveSpeed site',
		},
	],
};

/**
 * n8n greys the list out while the field holds an expression, which it does at first, and shows no hint of a
 * field that holds one.
 */
const listNotice: INodeProperties = {
	displayName: 'To choose a recent job from a list, point to Job ID and click Fixed.',
	name: 'jobListNotice',
	type: 'notice',
	default: '',
	// Not `show`: n8n takes any field that holds an expression for shown, whatever the operation.
	displayOptions: { hide: { '@tool': [true], predictionId: [{ _cnd: { not: FROM_ITEM } }] } },
};

export const jobIdFields: INodeProperties[] = [
	field,
	listNotice,
	// A tool has no items to take an ID from.
	{
		...field,
		default: { mode: 'id', value: '' },
		displayOptions: { show: { '@tool': [true] } },
	},
];

/**
 * The ID of the item's job.
 *
 * @throws JobError when the field has neither an ID nor a link to a job
 */
export function readJobId(item: Item): string {
	const entered = item.parameter('predictionId');
	// By expression, the whole field can be a plain text.
	const value = isLocator(entered) ? entered.value : entered;
	const text = typeof value === 'string' ? value : '';
	const id = jobIdFrom(text);
	if (id !== undefined) return id;
	const isEmpty = typeof value === 'string' ? text.trim() === '' : (value ?? null) === null;
	const shown = typeof value === 'string' ? `"${shorten(text)}"` : shortenValue(value);
	throw jobError(
		isEmpty ? 'Job ID is empty' : `Job ID: ${shown} is not a job ID`,
		'Connect a Submit node before this one, choose a job from the list, or paste a job ID or a link to a job.',
		{ step: 'check' },
	);
}

function isLocator(value: unknown): value is { value: unknown } {
	return typeof value === 'object' && value !== null && '__rl' in value;
}
