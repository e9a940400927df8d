import { writeResultsInto } from '../testbed/lib/results-page';
import type { CompatResult } from './run';
import { VERSIONS } from './versions';

/**
 * Writes the rows of the versions that ran into docs/compatibility.md; the others keep theirs.
 *
 * @returns the page's path
 */
export async function writeTable(results: readonly CompatResult[]): Promise<string> {
	return await writeResultsInto('compatibility.md', (before) => {
		const kept = before
			.split('\n')
			.filter((line) => /^\| \d/.test(line))
			.map((line) => [line.split('|')[1]?.trim() ?? '', line] as const);
		const rows = new Map([...kept, ...results.map((result) => [result.n8n, row(result)] as const)]);
		const head = ['n8n', 'Node.js', ...Object.keys(results[0]?.checks ?? {}), 'ran on'];
		return [
			`| ${head.join(' | ')} |`,
			`| ${head.map(() => '---').join(' | ')} |`,
			...VERSIONS.flatMap(({ n8n }) => rows.get(n8n) ?? []),
		].join('\n');
	});
}

function row({ n8n, node, date, checks }: CompatResult): string {
	const cells = Object.values(checks).map((passed) => (passed ? 'yes' : '**no**'));
	return `| ${[n8n, node, ...cells, date].join(' | ')} |`;
}
