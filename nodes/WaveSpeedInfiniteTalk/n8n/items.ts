/** Works on the items of a run together, and turns the results into n8n's items and errors. */
import type {
	IBinaryKeyData,
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	JsonObject,
} from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import { CancelledError } from '../api/http';
import { JobError, jobError } from '../errors/jobError';
import { capitalize, joinWords } from '../shared/characters';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';
import { itemNumber } from './item';
import type { LocalRun } from './run';
import { continuesOnFail, isTool } from './tool';

export interface ItemOutput {
	json: IDataObject;
	binary?: IBinaryKeyData;
}

/**
 * Works on all items together. Unless the node continues on fail, the first error ends the sleeps
 * and requests of all others.
 *
 * @throws NodeOperationError when the user stopped the execution
 */
export async function settleItems<T>(
	run: LocalRun,
	work: (itemIndex: number) => Promise<T>,
): Promise<Array<Result<T>>> {
	const keepGoing = continuesOnFail(run.context);
	const results = await Promise.all(
		run.context.getInputData().map(async (_data, itemIndex) => {
			const result = await toResult(work(itemIndex));
			if ('error' in result && !keepGoing) run.abort();
			return result;
		}),
	);
	if (run.isCancelled()) {
		throw canceledError(run);
	}
	return results;
}

/** Of a Stop, or of a timeout of the workflow, after which n8n gives the message to the error workflow. */
function canceledError({ context, paidJobs }: LocalRun): NodeOperationError {
	const jobs = [...paidJobs].map(([item, id]) => `${id} (item ${itemNumber(item)})`).join(', ');
	// n8n's engine tells a stopped execution from a failed one by the word "canceled".
	const message = 'The execution was canceled';
	if (jobs === '') return new NodeOperationError(context.getNode(), message);
	return new NodeOperationError(
		context.getNode(),
		`${message}. These jobs continue at WaveSpeed, and you pay for them: ${jobs}`,
		{ description: 'Use Get Result with these IDs to get the videos.' },
	);
}

/**
 * The output of the node in input order, each item linked to its input: one for each input, or a list.
 *
 * @throws NodeOperationError | NodeApiError for the first failed item, unless the node continues on fail
 */
export function toNodeItems(
	run: LocalRun,
	results: ReadonlyArray<Result<ItemOutput | ItemOutput[]>>,
): INodeExecutionData[] {
	throwFirstError(run, results);
	const outputs = results.flatMap((result, item) =>
		[outputOf(run, result, item)].flat().map((output) => ({ ...output, pairedItem: { item } })),
	);
	run.report.addHints();
	return outputs;
}

function outputOf<T extends ItemOutput | ItemOutput[]>(
	run: LocalRun,
	result: Result<T>,
	item: number,
): T | ItemOutput {
	return 'value' in result
		? withInputFields(run, result.value, item)
		: { json: errorJson(run.context, result.error, item) };
}

/**
 * The output of an item that did not fail, with the fields of its input where they are wanted. Never a
 * key `error`: n8n would take the item for a failed one.
 */
export function withInputFields<T extends ItemOutput | ItemOutput[]>(
	{ context, keepsInput }: LocalRun,
	output: T,
	item: number,
): T {
	if (Array.isArray(output) || !keepsInput.has(item)) return output;
	const input = { ...context.getInputData()[item]?.json };
	delete input.error;
	return { ...output, json: { ...input, ...output.json } };
}

/**
 * Fails the node when an item failed, unless the node continues on fail. The description names the
 * other failed items, and the jobs of the rest, which are paid for.
 *
 * @throws NodeOperationError | NodeApiError
 */
export function throwFirstError(run: LocalRun, results: ReadonlyArray<Result<unknown>>): void {
	if (continuesOnFail(run.context)) return;
	const failed = results.flatMap((result, itemIndex) =>
		// Items that were cancelled because another one failed are not the cause.
		'error' in result && !(result.error instanceof CancelledError)
			? [{ itemIndex, error: result.error }]
			: [],
	);
	const [first, ...others] = groupByMessage(failed);
	if (!first) return;
	const also = others.map(
		(group) => `${capitalize(itemNumbers(group))}: ${describeError(group[0]!.error).message}.`,
	);
	const more = [...also, describePaidJobs(run.paidJobs)].filter(Boolean);
	throw nodeError(run, first, more);
}

interface FailedItem {
	itemIndex: number;
	error: unknown;
}

/** Items with the same failure together, in the order of the first of each. */
function groupByMessage(failed: readonly FailedItem[]): FailedItem[][] {
	const groups = new Map<string, FailedItem[]>();
	for (const item of failed) {
		const { message } = describeError(item.error);
		groups.set(message, [...(groups.get(message) ?? []), item]);
	}
	return [...groups.values()];
}

/** Such as "item 1", or "items 1 and 2". */
function itemNumbers(items: readonly FailedItem[]): string {
	const numbers = items.map(({ itemIndex }) => String(itemNumber(itemIndex)));
	return `item${numbers.length > 1 ? 's' : ''} ${joinWords(numbers)}`;
}

function describePaidJobs(paid: ReadonlyMap<number, string>): string {
	if (paid.size === 0) return '';
	const jobs = [...paid].map(([item, id]) => `item ${itemNumber(item)}: ${id}`).join(', ');
	return `Jobs of other items continue at WaveSpeed, and you pay for them (${jobs}). Retry this execution to get their videos without paying again.`;
}

/**
 * The error to throw when the node as a whole cannot work.
 *
 * @param jobIds jobs that the execution was stored for, which nobody else names
 */
export function toRunError(
	context: IExecuteFunctions,
	error: unknown,
	jobIds: readonly string[],
): NodeApiError | NodeOperationError {
	const { message, description, namesMore } = describeRunError(error, jobIds);
	if (namesMore || error instanceof JobError) {
		return new NodeOperationError(context.getNode(), error as Error, { message, description });
	}
	const isNodeError = error instanceof NodeApiError || error instanceof NodeOperationError;
	return isNodeError ? error : new NodeOperationError(context.getNode(), error as Error);
}

/**
 * The output when the node as a whole cannot work and continues on fail: all items, failed. If the node
 * threw, n8n would send its input on as if nothing had happened.
 *
 * @param jobIds jobs that the execution was stored for, which nobody else names
 */
export function toFailedItems(
	context: IExecuteFunctions,
	error: unknown,
	jobIds: readonly string[],
): INodeExecutionData[] {
	const { message, description, details } = describeRunError(error, jobIds);
	return context.getInputData().map((_input, item) => ({
		json: errorJson(context, jobError(message, description, details), item),
		pairedItem: { item },
	}));
}

function describeRunError(error: unknown, jobIds: readonly string[]) {
	const { message, advice, details } = describeError(error);
	const namesMore = !jobIds.every((id) => `${message} ${advice}`.includes(id));
	const jobs = namesMore
		? `Its jobs continue at WaveSpeed, and you pay for them. Get their videos with Get Result (job IDs: ${jobIds.join(', ')}).`
		: '';
	return { message, description: [advice, jobs].filter(Boolean).join(' '), details, namesMore };
}

/**
 * The JSON of a failed item. Only the key `error`: every version of n8n sends such an item down the
 * error branch, but one with more keys only newer ones. For a model no such key: n8n would take the call
 * for failed, and repeat it.
 */
function errorJson(context: IExecuteFunctions, error: unknown, itemIndex: number): IDataObject {
	const { message, advice, details } = describeError(error);
	const facts = { ...details, next_step: advice };
	if (isTool(context)) return { failed: true, message, ...facts };
	return { error: { message: `${message} [item ${itemNumber(itemIndex)}]`, ...facts } };
}

function nodeError(
	run: LocalRun,
	items: readonly FailedItem[],
	more: string[],
): NodeOperationError | NodeApiError {
	const { error, itemIndex } = items[0]!;
	const { message, advice, details } = describeError(error);
	const node = run.context.getNode();
	const options = {
		message: `${message} [${itemNumbers(items)}]`,
		description: [advice, ...more].join(' '),
		itemIndex,
	};
	const wrapped =
		details.http_status === undefined
			? new NodeOperationError(node, options.message, options)
			: new NodeApiError(node, { message: options.message } as JsonObject, {
					...options,
					httpCode: String(details.http_status),
				});
	// n8n replaces the message when it finds a code such as ECONNRESET in it.
	wrapped.message = options.message;
	// The editor would show a second number, which counts from 0.
	delete wrapped.context.itemIndex;
	return Object.assign(wrapped, { cause: error });
}

/** Any failure in words. */
export function describeError(error: unknown): Pick<JobError, 'message' | 'advice' | 'details'> {
	if (error instanceof JobError) return error;
	const { message, description } = error as { message?: unknown; description?: unknown };
	return {
		message: typeof message === 'string' ? message : String(error),
		// n8n's own errors, such as those of expressions, say what to do in their description.
		advice: typeof description === 'string' ? description : 'Check the fields of this node.',
		details: { step: 'check' },
	};
}
