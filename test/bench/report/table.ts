import type { Finding, Row } from '../support/measure';

const NAMES = { node: 'our node', floor: 'undici floor' } as const;

type Cells = readonly string[];

/** By the names of the scenarios. */
type Findings = Readonly<Record<string, Finding>>;

const HEAD: Cells = [
	...['scenario', 'contender', 'what', 'time', 'memory over idle', 'calls', 'uploads'],
	...['looks', 'billed', 'videos', ''],
];

function rowCells(scenario: string, row: Row): Cells {
	const { calls, seconds, megabytes, billed, videos, note } = row;
	return [
		...[scenario, NAMES[row.contender], row.what, seconds === undefined ? '' : time(seconds)],
		megabytes === undefined ? '' : `${megabytes} MB`,
		...[calls?.all, calls?.uploads, calls?.results, billed, videos].map(text),
		note ?? '',
	];
}

export function rowTable(findings: Findings): string {
	const cells = Object.entries(findings).flatMap(([scenario, { rows }]) =>
		rows.map((row) => rowCells(scenario, row)),
	);
	return markdown(HEAD, cells);
}

export function targetTable(findings: Findings): string {
	const cells = Object.entries(findings).flatMap(([scenario, { targets }]) =>
		targets.map(({ what, limit, value, met }) => {
			return [scenario, what, limit, value, met === undefined ? '' : met ? 'yes' : '**no**'];
		}),
	);
	return markdown(['scenario', 'what', 'target', 'measured', 'met'], cells);
}

function time(seconds: number): string {
	return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`;
}

function text(value: number | undefined): string {
	return value === undefined ? '' : String(value);
}

/** A Markdown table whose columns line up, so that it can be read in a terminal too. */
function markdown(head: Cells, body: readonly Cells[]): string {
	const widths = head.map((title, column) =>
		Math.max(3, title.length, ...body.map((cells) => cells[column]?.length ?? 0)),
	);
	const line = (cells: Cells) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
	const rule = widths.map((width) => '-'.repeat(width));
	return [line(head), line(rule), ...body.map(line)].join('\n');
}
