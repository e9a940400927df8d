/** What the pass found out, check by check. */
import { ApiError } from '../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { NoResponseError } from '../../nodes/WaveSpeedInfiniteTalk/api/http';
import { JobError } from '../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import { toResult } from '../../nodes/WaveSpeedInfiniteTalk/shared/result';
import type { CheckId } from './checks';

export interface Verdict {
	id: CheckId;
	/** `notSeen`: nothing speaks for or against the assumption. */
	outcome: 'asExpected' | 'different' | 'notSeen';
	/** What was seen, or why nothing was. */
	seen: string;
}

/** The service does otherwise than the node takes for granted. */
export class Different extends Error {}

/** The check could not be made. */
export class NotSeen extends Error {}

/** The pass cannot or may not go on. Says nothing about the service. */
export class NotRun extends Error {}

/** What a check has seen, in a few words, with what the next ones need of it. */
export type Seen<T> = readonly [text: string, value: T];

export class Findings {
	readonly verdicts: Verdict[] = [];

	/** @param onVerdict called with each verdict as soon as it is there */
	constructor(private readonly onVerdict: (verdict: Verdict) => void) {}

	/**
	 * Makes one check.
	 *
	 * @returns the value of what was seen; undefined when the check found a difference or nothing
	 * @throws any error that does not come from the service
	 */
	async check<T>(id: CheckId, work: () => Promise<Seen<T>>): Promise<T | undefined> {
		const result = await toResult(work());
		if ('value' in result) {
			const [seen, value] = result.value;
			this.add({ id, outcome: 'asExpected', seen });
			return value;
		}
		const { error } = result;
		if (error instanceof NotSeen) this.add({ id, outcome: 'notSeen', seen: error.message });
		else if (isOfService(error)) this.add({ id, outcome: 'different', seen: sentence(error) });
		else throw error;
		return undefined;
	}

	private add(verdict: Verdict): void {
		this.verdicts.push(verdict);
		this.onVerdict(verdict);
	}
}

/** @throws NotSeen when what the check needs is missing */
export function need<T>(value: T | undefined, reason: string): T {
	if (value === undefined) throw new NotSeen(reason);
	return value;
}

function isOfService(error: unknown): error is Error {
	return [Different, ApiError, JobError, NoResponseError].some((type) => error instanceof type);
}

function sentence(error: Error): string {
	const { status } = error instanceof ApiError ? error.details : {};
	return status === undefined ? error.message : `${error.message} (HTTP ${status})`;
}
