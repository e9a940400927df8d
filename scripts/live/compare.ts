/** Holds answers against the contract. Pure. */
import type { z } from 'zod/v4';
import { shapeOf } from './contract';
import type { Exchange } from './exchanges';

/** A place where an answer is not as the contract has it. */
export interface Difference {
	/** The call, and the path in its answer: `history data.items[].created_at`. */
	where: string;
	/** `missing`: a field that must be there is not. `type`, `value`: it is another one. */
	problem: 'missing' | 'type' | 'value';
	expected: string;
	got: string;
}

/** A field that the contract does not have: harmless, and good to know. */
export interface Note {
	where: string;
	/** Its type. */
	got: string;
}

type Issue = z.core.$ZodIssue;

/** All differences and notes, each place once. */
export function compare(exchanges: readonly Exchange[]): {
	differences: Difference[];
	notes: Note[];
} {
	const differences = new Map<string, Difference>();
	const notes = new Map<string, Note>();
	for (const { call, status, answer } of exchanges) {
		if (status === undefined) continue;
		for (const issue of shapeOf(call, status)?.safeParse(answer).error?.issues ?? []) {
			const prefix = status >= 300 ? `${call} (HTTP ${status})` : call;
			if (issue.code === 'unrecognized_keys') {
				for (const key of issue.keys) {
					const path = [...issue.path, key];
					const where = `${prefix} ${place(path)}`;
					notes.set(where, { where, got: typeName(valueAt(answer, path)) });
				}
			} else {
				const where = `${prefix} ${place(issue.path)}`.trimEnd();
				differences.set(where, { where, ...describe(issue, valueAt(answer, issue.path)) });
			}
		}
	}
	return { differences: [...differences.values()], notes: [...notes.values()] };
}

function describe(issue: Issue, value: unknown): Omit<Difference, 'where'> {
	const expected = expectedBy(issue);
	if (value === undefined) return { problem: 'missing', expected, got: 'nothing' };
	if (issue.code === 'invalid_type') return { problem: 'type', expected, got: typeName(value) };
	// Only a wrong word is shown: other values may be secret or long.
	const isWord = typeof value === 'string' && /^\w{1,40}$/.test(value);
	const got = issue.code === 'invalid_value' && isWord ? `"${value}"` : typeName(value);
	return { problem: 'value', expected, got };
}

function expectedBy(issue: Issue): string {
	if (issue.code === 'invalid_type') return issue.expected;
	if (issue.code === 'invalid_value') return issue.values.join(' or ');
	if (issue.code === 'invalid_format') return issue.format;
	return issue.code;
}

/** `data.items[].id` */
function place(path: ReadonlyArray<PropertyKey>): string {
	return path
		.map((part) => (typeof part === 'number' ? '[]' : `.${String(part)}`))
		.join('')
		.replace(/^\./, '');
}

function valueAt(value: unknown, path: ReadonlyArray<PropertyKey>): unknown {
	return path.reduce<unknown>(
		(at, part) => (at as Record<PropertyKey, unknown> | null | undefined)?.[part],
		value,
	);
}

function typeName(value: unknown): string {
	if (value === null) return 'null';
	return Array.isArray(value) ? 'array' : typeof value;
}
