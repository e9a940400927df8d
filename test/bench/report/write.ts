import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../testbed/lib/paths';
import { writeResultsInto } from '../../testbed/lib/results-page';
import { N8N_VERSION, NODE_VERSION } from '../../testbed/versions';
import type { Finding } from '../support/measure';
import { rowTable, targetTable } from './table';

export interface Result extends Finding {
	readonly title: string;
	/** When it ran, ISO 8601. */
	readonly date: string;
	/** Seconds that the scenario took. */
	readonly took: number;
	/** Load average over its last minute, of two cores' worth: what else the machine did. */
	readonly load: number;
}

export type Results = Record<string, Result>;

/**
 * Writes docs/bench.json and bench.md. Each scenario compares within itself, so results
 * of scenarios that ran at other times are kept.
 */
export async function writeResults(
	fresh: Results,
	order: readonly string[],
): Promise<readonly string[]> {
	const file = path.join(ROOT, 'docs', 'bench.json');
	const kept = JSON.parse(await readFile(file, 'utf8')) as { results: Results };
	const merged = { ...kept.results, ...fresh };
	const names = order.filter((name) => name in merged);
	const results: Results = Object.fromEntries(names.map((name) => [name, merged[name]!]));
	const versions = { n8n: N8N_VERSION, node: NODE_VERSION, cores: cpus().length };
	await writeFile(file, `${JSON.stringify({ ...versions, results }, null, '\t')}\n`);
	const page = await writeResultsInto('bench.md', () => describe(results));
	return [file, page];
}

function describe(results: Results): string {
	const all = Object.values(results);
	const dates = all.map(({ date }) => date.slice(0, 10)).sort();
	const runs = all.map(({ title, took, load, date }) => {
		return `- ${title}: ${Math.round(took)} s, load ${load.toFixed(1)}, ${date.slice(0, 16)}Z`;
	});
	return [
		`n8n ${N8N_VERSION}, Node.js ${NODE_VERSION}, ${cpus().length} cores, ${dates.at(-1)}.`,
		'## Targets',
		targetTable(results),
		'## All numbers',
		rowTable(results),
		'When each scenario ran, how long it took, and how busy the machine was:',
		runs.join('\n'),
	].join('\n\n');
}
