/** What the pass found out, question by question. */
import { ApiError } from '../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { NoResponseError } from '../../nodes/WaveSpeedInfiniteTalk/api/http';
import { toResult } from '../../nodes/WaveSpeedInfiniteTalk/shared/result';
import { QUESTIONS, type QuestionId } from './questions';

export interface Verdict {
	id: QuestionId;
	/** `notSeen`: nothing speaks for or against the assumption. */
	outcome: 'asExpected' | 'different' | 'notSeen';
	/** What was seen, or why nothing was. */
	seen: string;
}

/** The service does otherwise than the node takes for granted. */
export class Different extends Error {}

/** The question could not be answered. */
export class NotSeen extends Error {}

/** The pass cannot or may not go on. Says nothing about the service. */
export class NotRun extends Error {}

export class Findings {
	readonly verdicts: Verdict[] = [];

	/** @param onVerdict called with each verdict as soon as it is there */
	constructor(private readonly onVerdict: (verdict: Verdict) => void) {}

	/**
	 * @param work returns what was seen, in a few words, and what the next questions need of it
	 * @returns the latter; undefined when there is a difference, or nothing was seen
	 * @throws any error that does not come from the service
	 */
	async ask<T>(id: QuestionId, work: () => Promise<readonly [string, T]>): Promise<T | undefined> {
		const result = await toResult(work());
		if ('value' in result) {
			const [seen, value] = result.value;
			this.add({ id, outcome: 'asExpected', seen });
			return value;
		}
		const { error } = result;
		const isOfService = [Different, ApiError, NoResponseError].some(
			(type) => error instanceof type,
		);
		if (!isOfService && !(error instanceof NotSeen)) throw error;
		const seen = (error as Error).message;
		this.add({ id, outcome: isOfService ? 'different' : 'notSeen', seen });
		return undefined;
	}

	private add(verdict: Verdict): void {
		this.verdicts.push(verdict);
		this.onVerdict(verdict);
	}
}

/** @throws NotSeen when what the question needs is missing */
export function need<T>(value: T | undefined, reason: string): T {
	if (value === undefined) throw new NotSeen(reason);
	return value;
}

const MARKS = { asExpected: '✓', different: '✗', notSeen: '–' } as const;

/** One line for the terminal. */
export function verdictLine({ id, outcome, seen }: Verdict): string {
	const start = `${MARKS[outcome]} ${id.padEnd(14)}  `;
	if (outcome === 'different') return `${start}NOT SO: ${QUESTIONS[id]}. Seen: ${seen}`;
	return `${start}${outcome === 'notSeen' ? 'not seen: ' : ''}${seen}`;
}
