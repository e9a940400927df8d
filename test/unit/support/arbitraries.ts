/** What comes from outside at its worst, for property tests. */
import { afterEach, expect } from '@jest/globals';
import fc from 'fast-check';

/** Keys that mean something to JavaScript. */
const HOSTILE_KEYS = [
	...['__proto__', 'constructor', 'prototype', 'toString', 'valueOf', 'hasOwnProperty'],
	...['toJSON', 'then', 'length', '0', ''],
];
const HUGE = 'x'.repeat(100_000);
const DEPTH = 20_000;

const number = fc.oneof(
	fc.constantFrom('0', '-1', '-0', '1e999', '-1e999', '1e300', '200'),
	fc.double().map((value) => JSON.stringify(value)),
);
const string = text().map((value) => JSON.stringify(value));
const scalar = fc.oneof(fc.constantFrom('null', 'true', 'false'), number, string);

/** Texts of any characters: blanks and controls, halves of pairs, paths, HTML, very long ones. */
export function text(): fc.Arbitrary<string> {
	return fc.oneof(
		fc.string({ unit: 'binary', maxLength: 30 }),
		fc.string({ maxLength: 300 }),
		fc.constantFrom(HUGE, '\ud800', '..', '../../balance', '<html>', '\r\nX: y', '%2e%2e', '\0'),
	);
}

/** The text of any JSON. */
export function jsonText(): fc.Arbitrary<string> {
	const { value } = fc.letrec<{ value: string }>((tie) => ({
		value: fc.oneof(
			{ maxDepth: 4, depthSize: 'small' },
			scalar,
			fc.array(tie('value'), { maxLength: 4 }).map((parts) => `[${parts.join()}]`),
			fc.array(hostileEntry(tie('value')), { maxLength: 4 }).map((parts) => `{${parts.join()}}`),
		),
	}));
	const deep = fc.constantFrom(
		`${'['.repeat(DEPTH)}${']'.repeat(DEPTH)}`,
		`${'{"error":'.repeat(DEPTH)}1${'}'.repeat(DEPTH)}`,
	);
	return fc.oneof({ weight: 9, arbitrary: value }, { weight: 1, arbitrary: deep });
}

function hostileEntry(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
	return fc
		.tuple(fc.oneof(fc.constantFrom(...HOSTILE_KEYS), fc.string()), value)
		.map(([key, part]) => `${JSON.stringify(key)}:${part}`);
}

/** The text of a valid JSON with some of its parts replaced by any other, or keys added. */
export function spoiled(sample: unknown): fc.Arbitrary<string> {
	const kept = keep(sample);
	return fc.oneof({ weight: 9, arbitrary: kept }, { weight: 1, arbitrary: jsonText() });
}

function keep(sample: unknown): fc.Arbitrary<string> {
	if (Array.isArray(sample))
		return fc.tuple(...sample.map(spoiled)).map((all) => `[${all.join()}]`);
	if (typeof sample !== 'object' || sample === null) {
		const other = { number, string }[typeof sample as string] ?? scalar;
		const same = fc.constant(JSON.stringify(sample));
		return fc.oneof({ weight: 4, arbitrary: same }, { weight: 1, arbitrary: other });
	}
	const entries = Object.entries(sample).map(([key, value]) =>
		spoiled(value).map((part) => `${JSON.stringify(key)}:${part}`),
	);
	const added = fc.oneof({ weight: 4, arbitrary: fc.constant('') }, hostileEntry(jsonText()));
	return fc.tuple(...entries, added).map((all) => `{${all.filter(Boolean).join()}}`);
}

/** Any value of JavaScript that an expression may give. */
export function anyValue(): fc.Arbitrary<unknown> {
	return fc.oneof(
		fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true, withMap: true }),
		text(),
	);
}

/** Checks a hundred values. */
export function forAll<T>(values: fc.Arbitrary<T>, check: (value: T) => void): void {
	fc.assert(fc.property(values, check));
}

/** All numbers in a value, to see whether they are finite. */
export function numbersIn(value: unknown): number[] {
	if (typeof value === 'number') return [value];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

afterEach(() => {
	expect(Object.keys(Object.prototype)).toEqual([]);
	expect(Reflect.ownKeys(Object.prototype)).toHaveLength(OWN_KEYS);
});

const OWN_KEYS = Reflect.ownKeys(Object.prototype).length;
