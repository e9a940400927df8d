/** Rules that are newer than n8n's lint and that it has under no other name: see docs/verification.md. */
import { expect, it } from '@jest/globals';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import codex from '../../../nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node.json';
import { WaveSpeedInfiniteTalk } from '../../../nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node';
import manifest from '../../../package.json';

/** The categories of n8n's documentation on codex files. */
const CATEGORIES = [
	'Analytics',
	'Communication',
	'Data & Storage',
	'Development',
	'Finance & Accounting',
	'Marketing & Content',
	'Miscellaneous',
	'Productivity',
	'Sales',
	'Utility',
];

const { description } = new WaveSpeedInfiniteTalk();
const fields = description.properties.flatMap(withNested);

it('options-sorted-alphabetically, no-duplicate-param-options', () => {
	// These two are in the order in which people want them: see operations/index.ts.
	const ordered = new Set(['resource', 'operation']);
	const lists = fields.filter(({ name, type }) => {
		return !ordered.has(name) && (type === 'options' || type === 'multiOptions');
	});
	expect(lists.length).toBeGreaterThan(5);
	for (const { options = [] } of lists) {
		const choices = options as INodePropertyOptions[];
		const names = choices.map(({ name }) => name);
		expect(names).toEqual([...names].sort((one, other) => one.localeCompare(other)));
		expect(new Set(names).size).toBe(names.length);
		expect(new Set(choices.map(({ value }) => value)).size).toBe(names.length);
	}
});

it('hint-max-length', () => {
	const hints = fields.flatMap((field) => [field, ...(field.modes ?? [])]).map(({ hint }) => hint);
	expect(hints.filter((hint) => hint !== undefined && hint.length > 120)).toEqual([]);
});

it('valid-node-categories, no-codex-subcategories', () => {
	expect(codex.categories.filter((category) => !CATEGORIES.includes(category))).toEqual([]);
	expect(codex).not.toHaveProperty('subcategories');
});

it('single-credential-per-node, no-monorepo', () => {
	expect(description.credentials).toHaveLength(1);
	expect(manifest.repository).not.toHaveProperty('directory');
});

/** A field with all that are inside of it. */
function withNested(field: INodeProperties): INodeProperties[] {
	const options = field.type === 'collection' ? (field.options as INodeProperties[]) : [];
	const collections =
		field.type === 'fixedCollection' ? (field.options as INodePropertyCollection[]) : [];
	const inside = [...options, ...collections.flatMap(({ values }) => values)];
	return [field, ...inside.flatMap(withNested)];
}
