/** The node loads and stops in n8n 1.123 too, the oldest that `npm run test:compat` runs. */
import { getEventListeners } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import * as workflow from 'n8n-workflow';
import * as own from '../../../nodes/WaveSpeedInfiniteTalk/n8n/binaryValue';

const ROOT = path.resolve(__dirname, '..', '..', '..');

/** What n8n-workflow 1.120, that of n8n 1.123, exports of what we import. */
const IN_OLDEST = [
	'NodeApiError',
	'NodeConnectionTypes',
	'NodeHelpers',
	'NodeOperationError',
	'isResourceLocatorValue',
	'sleep',
	'updateDisplayOptions',
];

it('imports as values only what the oldest n8n-workflow has', () => {
	const imported = ['nodes', 'credentials']
		.flatMap((folder) =>
			readdirSync(path.join(ROOT, folder), { recursive: true }).map((name) =>
				path.join(ROOT, folder, String(name)),
			),
		)
		.filter((file) => file.endsWith('.ts'))
		.flatMap((file) => [
			...readFileSync(file, 'utf8').matchAll(/^import \{([^}]*)\} from 'n8n-workflow'/gm),
		])
		.flatMap(([, names = '']) => names.split(','))
		.map((name) => name.trim())
		.filter(Boolean);
	expect([...new Set(imported)].filter((name) => !IN_OLDEST.includes(name))).toEqual([]);
});

describe('our copies of newer exports', () => {
	it('are the same constants', () => {
		expect(own).toMatchObject({
			BINARY_IN_JSON_PROPERTY: workflow.BINARY_IN_JSON_PROPERTY,
			BINARY_MODE_COMBINED: workflow.BINARY_MODE_COMBINED,
		});
	});

	it.each([
		...[undefined, null, 'text', [], {}],
		...[{ mimeType: 'a/b' }, { data: '' }, { mimeType: '', data: '' }, { mimeType: '', id: 'x' }],
	])('take %j for a file as n8n does', (value) => {
		expect(own.isBinaryValue(value)).toBe(workflow.isBinaryValue(value));
	});
});

it('sleeps that n8n does not end are ended by the signal, which has one listener for all', async () => {
	// As in n8n before 2.34: deaf to a signal.
	jest.doMock('n8n-workflow', () => ({ sleep: async () => await new Promise(() => {}) }));
	const { createSleep } = await import('../../../nodes/WaveSpeedInfiniteTalk/n8n/sleep');
	const controller = new AbortController();
	const { signal } = controller;
	const sleep = createSleep(signal);
	const slept = Promise.all(Array.from({ length: 20 }, async () => await sleep(60_000)));
	expect(getEventListeners(signal, 'abort')).toHaveLength(1);
	controller.abort();
	await slept;
	await sleep(60_000);
	expect(getEventListeners(signal, 'abort')).toEqual([]);
});
