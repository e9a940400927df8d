/** Which jobs Get Many lists: its fields, and how they are read. */
import type { INodeProperties } from 'n8n-workflow';
import { jobError } from '../errors/jobError';
import type { JobFilters } from '../output/listJobs';
import type { Model } from '../inputs/models';
import { MODEL_CHOICES, requireModel } from '../inputs/models';
import { isEmpty, toChoice, toNumber } from '../inputs/values';
import { capitalize, shortenValue } from '../shared/characters';
import type { Item } from '../n8n/item';
import { readSwitch } from './readField';

/** Statuses that the history can be filtered by (WaveSpeedAI/wavespeed-cli). */
const STATUSES = ['cancelled', 'completed', 'created', 'failed', 'processing', 'timeout'].map(
	(status) => ({ name: capitalize(status), value: status }),
);

const returnAllField: INodeProperties = {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	default: false,
	description: 'Whether to return all results or only up to a given limit',
};

const limitField: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
	displayOptions: { show: { returnAll: [false] } },
};

export const limitFields: INodeProperties[] = [returnAllField, limitField];

export const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add filter',
	default: {},
	options: [
		{
			displayName: 'Created After',
			name: 'createdAfter',
			type: 'dateTime',
			default: '',
			description: 'Only jobs created at or after this time. Defaults to 7 days ago.',
		},
		{
			displayName: 'Created Before',
			name: 'createdBefore',
			type: 'dateTime',
			default: '',
			description: 'Only jobs created at or before this time',
		},
		{
			displayName: 'Model',
			name: 'model',
			type: 'options',
			default: 'infinitetalkFast',
			description: 'Only jobs of this model',
			options: [...MODEL_CHOICES].sort((a, b) => a.name.localeCompare(b.name)),
		},
		{
			displayName: 'Status',
			name: 'status',
			type: 'options',
			default: 'completed',
			description: 'Only jobs with this status',
			options: STATUSES,
		},
	],
};

/** The filters of the service, and the model: it tells models apart, but not their resolutions. */
export interface ReadFilters {
	filters: JobFilters;
	model?: Model;
}

/** @throws JobError for a time that is none, an unknown status or an unknown model */
export function readFilters(item: Item): ReadFilters {
	const filters = item.parameter('filters', {}) as Record<string, unknown>;
	const createdAfter = readTime(item, 'Created After', filters.createdAfter);
	const createdBefore = readTime(item, 'Created Before', filters.createdBefore);
	const status = isEmpty(filters.status) ? undefined : toChoice('Status', filters.status, STATUSES);
	const model = isEmpty(filters.model) ? undefined : requireModel(filters.model);
	return {
		filters: {
			...(createdAfter !== undefined && { createdAfter }),
			...(createdBefore !== undefined && { createdBefore }),
			...(model !== undefined && { model: model.id }),
			...(status !== undefined && { status }),
		},
		...(model && { model }),
	};
}

/** @returns infinity for Return All. @throws JobError when the limit is no number of jobs */
export function readLimit(item: Item): number {
	if (readSwitch(item, returnAllField)) return Number.POSITIVE_INFINITY;
	return toNumber(limitField.displayName, item.parameter(limitField.name, limitField.default), {
		what: 'a whole number of at least 1',
		accepts: (number) => Number.isInteger(number) && number >= 1,
		advice: 'Enter a whole number, or turn on Return All.',
	});
}

/** @returns milliseconds since 1970 */
function readTime(item: Item, label: string, value: unknown): number | undefined {
	if (isEmpty(value)) return undefined;
	// Expressions give n8n's date objects, JavaScript's, or texts.
	const text = typeof value === 'object' ? toJsonText(value) : String(value).trim();
	const time = /^\d{4}-\d\d-\d\d[\dT:.+Z -]*$/i.test(text) ? parseTime(item, text) : Number.NaN;
	if (Number.isFinite(time)) return time;
	throw jobError(
		`${label}: ${shortenValue(value)} is not a date`,
		'Pick a date, or use {{ $now.minus(1, "day") }} or 2026-01-31T12:00:00Z.',
		{ step: 'check' },
	);
}

/** A time without a zone is one of the workflow's zone, which n8n's expressions know. */
function parseTime(item: Item, text: string): number {
	const iso = JSON.stringify(text.replace(' ', 'T'));
	return Number(item.evaluate(`{{ DateTime.fromISO(${iso}).toMillis() }}`));
}

function toJsonText(value: object | null): string {
	const text: unknown = JSON.parse(JSON.stringify(value));
	return typeof text === 'string' ? text : '';
}
