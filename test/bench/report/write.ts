import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../testbed/lib/paths';
import { N8N_VERSION, NODE_VERSION } from '../../testbed/versions';
import type { Finding } from '../support/measure';
import { chart } from './chart';
import { rowTable, targetTable } from './table';

const FOLDER = path.join(ROOT, 'docs');
const BEGIN = '<!-- results, written by npm run bench -->';
const END = '<!-- end of results -->';

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
 * Writes docs/bench.json, bench.md and bench.svg. Each scenario compares within itself, so results
 * of scenarios that ran at other times are kept.
 */
export async function writeResults(
	fresh: Results,
	order: readonly string[],
): Promise<readonly string[]> {
	await mkdir(FOLDER, { recursive: true });
	const file = path.join(FOLDER, 'bench.json');
	const kept = existsSync(file)
		? (JSON.parse(await readFile(file, 'utf8')) as { results: Results }).results
		: {};
	const merged = { ...kept, ...fresh };
	const names = order.filter((name) => name in merged);
	const results: Results = Object.fromEntries(names.map((name) => [name, merged[name]!]));
	const versions = { n8n: N8N_VERSION, node: NODE_VERSION, cores: cpus().length };
	const page = path.join(FOLDER, 'bench.md');
	const picture = path.join(FOLDER, 'bench.svg');
	await writeFile(file, `${JSON.stringify({ ...versions, results }, null, '\t')}\n`);
	await writeFile(picture, chart(names.flatMap((name) => results[name]?.groups ?? [])));
	await writeFile(page, replaced(await pageText(page), describe(results)));
	return [file, page, picture];
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
		targetTable(all.flatMap(({ targets }) => targets)),
		'## All numbers',
		rowTable(all.flatMap(({ rows }) => rows)),
		'When each scenario ran, how long it took, and how busy the machine was:',
		runs.join('\n'),
	].join('\n\n');
}

async function pageText(file: string): Promise<string> {
	return existsSync(file) ? await readFile(file, 'utf8') : `# Bench\n\n${BEGIN}\n\n${END}\n`;
}

function replaced(page: string, results: string): string {
	const from = page.indexOf(BEGIN) + BEGIN.length;
	return `${page.slice(0, from)}\n\n${results}\n\n${page.slice(page.indexOf(END))}`;
}
