/** Holds answers against the contract. Pure. */
import { z } from 'zod/v4';
import { shapeOf } from './contract';
import type { Exchange } from './http';

/** A place where an answer is not as the contract has it. */
export interface Difference {
	/** The call, and the path in its answer: `history data.items[].created_at`. */
	where: string;
	problem: string;
}

/**
 * All differences, each place once.
 *
 * @returns in `notes`, where there are fields that the contract does not have: harmless, and good to know
 */
export function compare(exchanges: readonly Exchange[]): {
	differences: Difference[];
	notes: string[];
} {
	const differences = new Map<string, Difference>();
	const notes = new Set<string>();
	for (const { call, status, answer } of exchanges) {
		if (status === undefined) continue;
		const prefix = status >= 300 ? `${call} (HTTP ${status})` : call;
		const place = (path: PropertyKey[]) =>
			`${prefix} ${z.core.toDotPath(path).replace(/\[\d+\]/g, '[]')}`.trimEnd();
		const { error } = shapeOf(call, status)?.safeParse(answer, { reportInput: true }) ?? {};
		for (const issue of error?.issues ?? []) {
			if (issue.code === 'unrecognized_keys') {
				for (const key of issue.keys) notes.add(place([...issue.path, key]));
			} else {
				const where = place(issue.path);
				differences.set(where, { where, problem: problemOf(issue) });
			}
		}
	}
	return { differences: [...differences.values()], notes: [...notes] };
}

/** Only a wrong word is shown: other values may be secret or long. */
function problemOf({ code, message, input }: z.core.$ZodIssue): string {
	const isWord = code === 'invalid_value' && typeof input === 'string' && /^\w{1,40}$/.test(input);
	return isWord ? `${message}, received "${input}"` : message;
}
