/** What the pass prints, and its exit code. Pure. */
import { CHECKS } from './checks';
import type { Verdict } from './findings';
import type { PassResult } from './pass';

const MARKS = { asExpected: '✓', different: '✗', notSeen: '–' } as const;
const ID_WIDTH = Math.max(...Object.keys(CHECKS).map((id) => id.length));

/** One line. */
export function verdictLine({ id, outcome, seen }: Verdict): string {
	const start = `${MARKS[outcome]} ${id.padEnd(ID_WIDTH)}  `;
	if (outcome === 'different') return `${start}NOT SO: ${CHECKS[id]}. Seen: ${seen}`;
	return `${start}${outcome === 'notSeen' ? 'not seen: ' : ''}${seen}`;
}

/** What is to be known at the end, line by line. */
export function summary(result: PassResult): string[] {
	const { verdicts, differences, notes, notRun } = result;
	const count = (outcome: Verdict['outcome']) =>
		verdicts.filter((verdict) => verdict.outcome === outcome).length;
	const lines = [
		`${verdicts.length} checks: ${count('asExpected')} as expected, ${count('different')} different, ${count('notSeen')} not seen.`,
	];
	if (differences.length > 0) lines.push('', 'Answers that are not as the contract has them:');
	for (const { where, problem } of differences) lines.push(`✗ ${where}: ${problem}`);
	if (notes.length > 0) lines.push('', 'Fields that the contract does not have (harmless):');
	for (const where of notes) lines.push(`  ${where}`);
	if (isDifferent(result)) lines.push('', 'docs/live.md says what each check means for the node.');
	if (notRun !== undefined) lines.push('', notRun);
	return lines;
}

/** 0: no difference, 1: differences, 2: not run to its end. */
export function exitCode(result: PassResult): 0 | 1 | 2 {
	if (isDifferent(result)) return 1;
	return result.notRun === undefined ? 0 : 2;
}

function isDifferent({ verdicts, differences }: PassResult): boolean {
	return differences.length > 0 || verdicts.some(({ outcome }) => outcome === 'different');
}
