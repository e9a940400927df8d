/** One job of the same inputs is looked for and submitted at a time, so that the next one finds it. */
import { jobError } from '../errors/jobError';
import type { Patience } from '../shared/semaphore';
import { KeyedLock } from '../shared/semaphore';

/** Of all executions in this process. */
const submissionLock = new KeyedLock();

/**
 * @param key equal for what has to wait for each other
 * @throws JobError when the time is up before it is this one's turn; CancelledError at Stop
 */
export async function withSubmissionLock<T>(
	key: string,
	work: () => Promise<T>,
	patience: Patience,
): Promise<T> {
	return await submissionLock.run(key, work, patience);
}

/** @param deadline when the item's Timeout passes, milliseconds since 1970 */
export function patienceUntil(deadline: number, clock: Patience['clock']): Patience {
	return { deadline, clock, timeoutError };
}

function timeoutError(): Error {
	return jobError(
		'The Timeout passed while this item waited for an identical item to be submitted',
		'Nothing was submitted for this item. Run the workflow again, or raise the Timeout option.',
		{ step: 'submit' },
	);
}
