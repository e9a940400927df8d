/** Reads fields and options as what the editor shows them to be, also when an expression gives text. */
import type { INodeProperties } from 'n8n-workflow';
import type { Choice } from '../inputs/values';
import { toChoice, toNumber, toSwitch } from '../inputs/values';
import type { Item } from '../n8n/item';

/** @throws JobError for anything else than yes or no */
export function readSwitch(item: Item, field: INodeProperties): boolean {
	return toSwitch(field.displayName, item.parameter(field.name, field.default));
}

/** @returns false for an option that is not added. @throws JobError for anything else than yes or no */
export function readSwitchOption(item: Item, option: INodeProperties): boolean {
	return item.hasOption(option.name) && toSwitch(option.displayName, item.option(option.name));
}

/** @returns the value of a choice. @throws JobError for an unknown one */
export function readChoice(item: Item, field: INodeProperties): string {
	const value = item.parameter(field.name, field.default);
	return toChoice(field.displayName, value, choicesOf(field));
}

/** @returns the default for an option that is not added. @throws JobError for an unknown choice */
export function readChoiceOption(item: Item, option: INodeProperties): string {
	const value = item.hasOption(option.name) ? item.option(option.name) : option.default;
	return toChoice(option.displayName, value, choicesOf(option));
}

/**
 * @param what follows "is not": what the number must be
 * @returns undefined for an option that is not added
 * @throws JobError for anything else than such a number
 */
export function readNumberOption(
	item: Item,
	{ name, displayName }: INodeProperties,
	what: string,
	accepts: (number: number) => boolean,
): number | undefined {
	if (!item.hasOption(name)) return undefined;
	const advice = 'Enter a number without a unit, or remove the option.';
	return toNumber(displayName, item.option(name), { what, accepts, advice });
}

export function choicesOf({ options = [] }: Pick<INodeProperties, 'options'>): Choice[] {
	return options.flatMap((option) => {
		return 'value' in option ? [{ value: String(option.value), name: option.name }] : [];
	});
}
