/** Reads all items before anything is sent. */
import type { Item } from '../n8n/item';
import { readInput } from '../n8n/item';
import { throwFirstError } from '../n8n/items';
import type { LocalRun } from '../n8n/run';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';

/**
 * @param read reads and checks one item
 * @returns a result for each item, in input order
 * @throws NodeOperationError naming every wrong item, unless the node continues on fail
 */
export async function prepareItems<T>(
	run: LocalRun,
	read: (item: Item) => Promise<T>,
): Promise<Array<Result<T>>> {
	const results: Array<Result<T>> = [];
	for (const item of readInput(run.context)) results.push(await toResult(read(item)));
	throwFirstError(run, results);
	return results;
}

/** Of the first item that could be read: what holds for the run as a whole. */
export function firstValue<T>(prepared: ReadonlyArray<Result<T>>): T | undefined {
	const first = prepared.find((result) => 'value' in result);
	return first && 'value' in first ? first.value : undefined;
}

/** @throws the error of the item whose check had failed */
export function requirePrepared<T>(prepared: ReadonlyArray<Result<T>>, itemIndex: number): T {
	const result = prepared[itemIndex]!;
	if ('error' in result) throw result.error;
	return result.value;
}
