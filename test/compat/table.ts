import { writeResultsInto } from '../testbed/lib/results-page';
import { VERSIONS } from './versions';

/** What came out in one version of n8n. */
export interface CompatResult {
	readonly n8n: string;
	readonly node: string;
	/** Day of the run, ISO 8601. */
	readonly date: string;
	/** By the titles of compat.test.ts; whether it passed. */
	readonly checks: Readonly<Record<string, boolean>>;
}

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
