/** From the fields of all items to requests that can be submitted: read, fetch, check. */
import type { CostLimits } from '../cost/costLimits';
import type { InputName } from '../errors/inputNames';
import { INPUT_NAMES } from '../errors/inputNames';
import { combineErrors, JobError } from '../errors/jobError';
import { checkFile } from '../inputs/checkFile';
import type { CheckedMedia } from '../inputs/checkRequest';
import { checkRequest } from '../inputs/checkRequest';
import { fitVoices } from '../inputs/fitVoices';
import type { CheckedRequest, FileMedia, FittedRequest, Silence } from '../inputs/request';
import type { Item } from '../n8n/item';
import { throwFirstError } from '../n8n/items';
import type { Run } from '../n8n/run';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';
import { readCostLimits } from './costOptions';
import { readVideoRequest } from './parameters';
import { requirePrepared } from './prepareItems';

/** An item's inputs, checked as far as nothing is fetched for it. */
export interface ReadRequest extends CheckedRequest<CheckedMedia> {
	limits: CostLimits;
}

/** What can be submitted. */
export interface PreparedRequest extends FittedRequest {
	limits: CostLimits;
}

type FetchedRequest = Omit<ReadRequest, 'media'> & CheckedRequest;

/**
 * The inputs of a video, as far as nothing is fetched for them.
 *
 * @throws JobError that names every wrong field
 */
export async function readRequest(run: Run, item: Item): Promise<ReadRequest> {
	const limits = readCostLimits(item);
	return { ...(await checkRequest(await readVideoRequest(item), run.client.baseUrl)), limits };
}

/**
 * Fetches what the items give by URL, once all of them are read, then goes through their files one by one.
 *
 * @param read the items; one without a request needs nothing
 * @returns a result for each item, in input order
 * @throws NodeOperationError naming every wrong item, unless the node continues on fail
 */
export async function prepareRequests<R extends ReadRequest | undefined>(
	run: Run,
	read: ReadonlyArray<Result<{ request: R }>>,
): Promise<Array<Result<R extends ReadRequest ? PreparedRequest : undefined>>> {
	const fetched = await Promise.all(
		read.map(async (item) => {
			if ('error' in item) return item;
			const { request } = item.value;
			return await toResult(request ? fetchFiles(run, request) : Promise.resolve(undefined));
		}),
	);
	const results: Array<Result<PreparedRequest | undefined>> = [];
	for (const index of fetched.keys()) {
		const fitting = async () => {
			const request = requirePrepared(fetched, index);
			return request && (await fitRequest(run, request));
		};
		results.push(await toResult(fitting()));
	}
	throwFirstError(run, results);
	return results as Array<Result<R extends ReadRequest ? PreparedRequest : undefined>>;
}

/** @throws JobError that names every field whose address gives no file that the field takes */
async function fetchFiles(run: Run, request: ReadRequest): Promise<FetchedRequest> {
	const media = {} as Record<InputName, FileMedia | Silence>;
	const results = await Promise.all(
		INPUT_NAMES.map(async (input) => {
			const given = request.media[input];
			if (!('url' in given)) return await toResult(Promise.resolve(given));
			return await toResult(fetchFile(run, input, given.url));
		}),
	);
	const errors = results.flatMap((result, index) => {
		if ('error' in result) return [result.error];
		media[INPUT_NAMES[index]!] = result.value;
		return [];
	});
	const other = errors.find((error) => !(error instanceof JobError));
	const named = errors.filter((error) => error instanceof JobError);
	if (named.length > 0) throw combineErrors(named);
	if (other !== undefined) throw other as Error;
	return { ...request, media };
}

/** @throws JobError | CancelledError */
async function fetchFile(run: Run, input: InputName, url: string): Promise<FileMedia> {
	return await checkFile(input, await run.fetcher.file(input, url));
}

/** Reads each file once: for its digest, and for how long it sounds. */
async function fitRequest(run: Run, request: FetchedRequest): Promise<PreparedRequest> {
	const fitted = await fitVoices(request, run.contents);
	if (request.promptHint) run.report.addHint(request.promptHint);
	for (const hint of fitted.hints) run.report.addHint(hint);
	return { ...fitted, limits: request.limits };
}
