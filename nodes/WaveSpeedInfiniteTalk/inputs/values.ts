/** Switches, numbers and choices as expressions give them: tables and models write them as text. */
import type { JobError } from '../errors/jobError';
import { jobError } from '../errors/jobError';
import { shortenValue } from '../shared/characters';

/** A plain decimal number. No unit, no comma: `90 min` in a field of hours, or `1,5`, could mean either. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
const ON = ['true', 'yes', 'on', '1'];
const OFF = ['false', 'no', 'off', '0'];

/** One of the values of a field, and its name in the editor. */
export interface Choice<T extends string = string> {
	value: T;
	name: string;
}

export interface NumberRule {
	/** Follows "is not": what a number must be. */
	what: string;
	accepts: (number: number) => boolean;
	advice: string;
}

/** True for what an expression gives when there is nothing. */
export function isEmpty(value: unknown): boolean {
	return (
		value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
	);
}

/**
 * @param label of the field in the editor
 * @throws JobError that names the field
 */
export function toSwitch(label: string, value: unknown): boolean {
	if (typeof value === 'boolean') return value;
	const isScalar = typeof value === 'string' || typeof value === 'number';
	const word = isScalar ? String(value).trim().toLowerCase() : '';
	if (ON.includes(word)) return true;
	if (OFF.includes(word)) return false;
	throw valueError(label, value, 'is not true or false', 'Use true or false.');
}

/**
 * @param label of the field in the editor
 * @throws JobError that names the field
 */
export function toNumber(label: string, value: unknown, rule: NumberRule): number {
	const text = typeof value === 'string' ? value.trim() : '';
	const number = NUMBER.test(text) ? Number(text) : value;
	if (typeof number === 'number' && Number.isFinite(number) && rule.accepts(number)) return number;
	throw valueError(label, value, `is not ${rule.what}`, rule.advice);
}

/**
 * The value of a choice, also when its name in the editor is given, in any case.
 *
 * @param label of the field in the editor
 * @throws JobError that names the field
 */
export function toChoice<T extends string>(
	label: string,
	value: unknown,
	choices: ReadonlyArray<Choice<T>>,
): T {
	const isScalar = typeof value === 'string' || typeof value === 'number';
	const word = isScalar ? String(value).trim().toLowerCase() : '';
	const found = choices.find(
		(choice) => choice.value.toLowerCase() === word || choice.name.toLowerCase() === word,
	);
	if (found) return found.value;
	const known = choices.map((choice) => `${choice.value} (${choice.name})`).join(', ');
	throw valueError(label, value, 'is not one of the choices', `Use one of: ${known}.`);
}

function valueError(label: string, value: unknown, problem: string, advice: string): JobError {
	const message = isEmpty(value)
		? `${label} is empty`
		: `${label}: ${shortenValue(value)} ${problem}`;
	return jobError(message, advice, { step: 'check' });
}
