import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from '../testbed/lib/paths';
import type { CompatResult } from './run';
import { VERSIONS } from './versions';

const PAGE = path.join(ROOT, 'docs', 'compatibility.md');
const BEGIN = '<!-- results, written by npm run test:compat -->';
const END = '<!-- end of results -->';

/**
 * Writes the rows of the versions that ran into docs/compatibility.md; the others keep theirs.
 *
 * @returns the page's path
 */
export async function writeTable(results: readonly CompatResult[]): Promise<string> {
	const page = existsSync(PAGE)
		? await readFile(PAGE, 'utf8')
		: `# Compatibility\n\n${BEGIN}\n\n${END}\n`;
	const options = await resolveConfig(PAGE);
	await writeFile(PAGE, await format(withResults(page, results), { ...options, filepath: PAGE }));
	return PAGE;
}

/** The page with the rows of the results, in the order of the versions. */
export function withResults(page: string, results: readonly CompatResult[]): string {
	const from = page.indexOf(BEGIN) + BEGIN.length;
	const to = page.indexOf(END);
	const kept = page
		.slice(from, to)
		.split('\n')
		.filter((line) => /^\| \d/.test(line))
		.map((line) => [line.split('|')[1]?.trim() ?? '', line] as const);
	const rows = new Map([...kept, ...results.map((result) => [result.n8n, row(result)] as const)]);
	const titles = Object.keys(results[0]?.checks ?? {});
	const head = ['n8n', 'Node.js', ...titles, 'ran on'];
	const lines = [
		`| ${head.join(' | ')} |`,
		`| ${head.map(() => '---').join(' | ')} |`,
		...VERSIONS.flatMap(({ n8n }) => rows.get(n8n) ?? []),
	];
	return `${page.slice(0, from)}\n\n${lines.join('\n')}\n\n${page.slice(to)}`;
}

function row({ n8n, node, date, checks }: CompatResult): string {
	const cells = Object.values(checks).map((passed) => (passed ? 'yes' : '**no**'));
	return `| ${[n8n, node, ...cells, date].join(' | ')} |`;
}
