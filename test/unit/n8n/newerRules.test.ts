/** Rules that are newer than n8n's lint and that it has under no other name: see docs/verification.md. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';
import codex from '../../../nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node.json';
import { WaveSpeedInfiniteTalk } from '../../../nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node';
import manifest from '../../../package.json';

const NODE_FOLDER = path.resolve(__dirname, '../../../nodes/WaveSpeedInfiniteTalk');

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

/** Background of a node in the editor, and the least contrast of its icon. */
const BACKGROUNDS = { light: '#ffffff', dark: '#2b2b2b' } as const;
const MIN_CONTRAST = 1.5;

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

it.each(['light', 'dark'] as const)('icon-contrast on %s', (theme) => {
	const icons = description.icon as Record<typeof theme, string>;
	const svg = readFileSync(path.join(NODE_FOLDER, icons[theme].replace('file:', '')), 'utf8');
	const colours = svg.match(/(?<=(?:fill|stroke|stop-color)="#)[\da-f]{6}(?=")/gi) ?? [];
	const best = Math.max(...colours.map((colour) => contrast(`#${colour}`, BACKGROUNDS[theme])));
	expect(best).toBeGreaterThanOrEqual(MIN_CONTRAST);
});

/** A field with all that are inside of it. */
function withNested(field: INodeProperties): INodeProperties[] {
	const options = field.type === 'collection' ? (field.options as INodeProperties[]) : [];
	const collections =
		field.type === 'fixedCollection' ? (field.options as INodePropertyCollection[]) : [];
	const inside = [...options, ...collections.flatMap(({ values }) => values)];
	return [field, ...inside.flatMap(withNested)];
}

/** Contrast by WCAG 2: (lighter + 0.05) / (darker + 0.05). */
function contrast(one: string, other: string): number {
	const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (lighter + 0.05) / (darker + 0.05);
}

function luminance(colour: string): number {
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
		const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
		return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
