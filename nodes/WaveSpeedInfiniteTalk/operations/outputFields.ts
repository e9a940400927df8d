/** How much of a job comes out: Simplify for a node, Output for a tool of an AI agent. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { toChoice } from '../inputs/values';
import type { OutputForm } from '../output/output';
import type { Item } from '../n8n/item';
import { isTool } from '../n8n/tool';
import { choicesOf, readChoice, readSwitch } from './readField';

const SIMPLIFIED = 'simplified';
const RAW = 'raw';
const SELECTED = 'selected';

const commonFields: readonly INodePropertyOptions[] = [
	{ name: 'Created At', value: 'created_at' },
	{ name: 'Expires At', value: 'expires_at' },
	{ name: 'Has NSFW Contents', value: 'has_nsfw_contents' },
	{ name: 'Inference Time', value: 'inference_ms' },
	{ name: 'Status', value: 'status' },
	{ name: 'Video URL', value: 'video_url' },
];

/** Further fields of an operation that submits a job. */
export const submittedFields: readonly INodePropertyOptions[] = [
	{ name: 'Duration', value: 'duration_s' },
	{ name: 'Estimated Cost', value: 'estimated_cost' },
	{ name: 'Reused', value: 'reused' },
];

/** Further fields of an operation that lists jobs. */
export const listedFields: readonly INodePropertyOptions[] = [
	{ name: 'Model', value: 'model' },
	{ name: 'Prompt', value: 'prompt' },
];

/** Of all operations: one that has no such field leaves it out. */
const SELECTABLE = choicesOf({
	options: [...commonFields, ...submittedFields, ...listedFields],
});

const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: { hide: { '@tool': [true] } },
};

const outputField: INodeProperties = {
	displayName: 'Output',
	name: 'output',
	type: 'options',
	default: SIMPLIFIED,
	description: 'How much of the response to give to the agent',
	displayOptions: { show: { '@tool': [true] } },
	options: [
		{ name: 'Raw', value: RAW, description: 'The full response from WaveSpeed' },
		{ name: 'Selected Fields', value: SELECTED, description: 'The ID and the fields you choose' },
		{ name: 'Simplified', value: SIMPLIFIED, description: 'The most useful fields' },
	],
};

const selectedField: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'multiOptions',
	default: ['status', 'video_url'],
	description: 'The fields to give to the agent in addition to the ID',
	displayOptions: { show: { '@tool': [true], output: [SELECTED] } },
};

/**
 * Simplify, and what a tool has instead, as n8n's UX guidelines ask.
 *
 * @param more fields of this operation that can be selected, beside those that every job has
 */
export function outputForms(more: readonly INodePropertyOptions[] = []): INodeProperties[] {
	const options = [...commonFields, ...more].sort((a, b) => a.name.localeCompare(b.name));
	return [simplifyField, outputField, { ...selectedField, options }];
}

/** @throws JobError when an expression gives an output that does not exist */
export function readOutputForm(item: Item): OutputForm {
	// n8n drops fields that are not shown, and these two are never shown together.
	if (!isTool(item.context)) return readSwitch(item, simplifyField) ? SIMPLIFIED : RAW;
	const output = readChoice(item, outputField);
	return output === SELECTED ? readNames(item) : output === RAW ? RAW : SIMPLIFIED;
}

/** By expression, or from a model, the names can come as one text. */
function readNames(item: Item): string[] {
	const value = item.parameter(selectedField.name, []);
	const names = Array.isArray(value) ? value : String(value ?? '').split(',');
	return names.map((name) => toChoice(selectedField.displayName, name, SELECTABLE));
}
