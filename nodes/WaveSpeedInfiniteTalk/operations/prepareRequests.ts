/** From the fields of all items to requests that can be submitted: read, fetch, check. */
import type { CostLimits } from '../cost/costLimits';
import type { ByInput, InputName } from '../errors/inputNames';
import { inputEntries } from '../errors/inputNames';
import { combineErrors, JobError } from '../errors/jobError';
import { checkFile } from '../inputs/checkFile';
import type { CheckedMedia } from '../inputs/checkRequest';
import { checkRequest } from '../inputs/checkRequest';
import { fitVoices } from '../inputs/fitVoices';
import type { FetchedFile, KeptFiles } from '../inputs/keptFiles';
import { NotedContents, sourceOf } from '../inputs/keptFiles';
import type { CheckedRequest, FileMedia, FittedRequest, Silence } from '../inputs/request';
import { restoreFile } from '../n8n/files';
import type { Item } from '../n8n/item';
import { throwFirstError } from '../n8n/items';
import type { Run } from '../n8n/run';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';
import { readCostLimits } from './costOptions';
import { readVideoRequest } from './parameters';
import { requirePrepared } from './prepareItems';
import { identify } from './startJob';

/** An item's inputs, checked as far as nothing is fetched for it. */
export interface ReadRequest extends CheckedRequest<CheckedMedia> {
	itemIndex: number;
	limits: CostLimits;
	contents: NotedContents;
	/** True when n8n woke the node: what was fetched before is still meant. */
	isWoken: boolean;
}

/** What can be submitted. */
export interface PreparedRequest extends FittedRequest {
	limits: CostLimits;
	files: KeptFiles;
}

type FetchedRequest = Omit<ReadRequest, 'media'> &
	CheckedRequest & { fetched: KeptFiles['fetched'] };

/**
 * The inputs of a video, as far as nothing is fetched for them.
 *
 * @param isWoken true for an item that has waited for its turn while the execution was stored
 * @throws JobError that names every wrong field
 */
export async function readRequest(run: Run, item: Item, isWoken = false): Promise<ReadRequest> {
	const limits = readCostLimits(item);
	const contents = new NotedContents(run.contents, run.files.of(item.index)?.contents);
	const { baseUrl } = run.client;
	const request = await readVideoRequest(item, (note) => run.report.addNote(note));
	const checked = await checkRequest(request, contents, baseUrl);
	return { ...checked, itemIndex: item.index, limits, contents, isWoken };
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
	const submitted = await findSubmitted(run, request);
	if (submitted) return submitted;
	const media: ByInput<FileMedia | Silence> = {};
	const fetched: KeptFiles['fetched'] = {};
	const errors: unknown[] = [];
	const fetching = inputEntries(request.media).map(async ([input, given]) => {
		if (!('url' in given)) {
			media[input] = given;
			return;
		}
		const result = await toResult(fetchFile(run, input, given.url, request));
		if ('error' in result) {
			errors.push(result.error);
			return;
		}
		media[input] = result.value;
		fetched[input] = toFetched(given.url, result.value);
	});
	await Promise.all(fetching);
	const named = errors.filter((error) => error instanceof JobError);
	if (named.length > 0) throw combineErrors(named);
	if (errors.length > 0) throw errors[0] as Error;
	return { ...request, media, fetched };
}

/** @throws JobError | CancelledError */
async function fetchFile(
	run: Run,
	input: InputName,
	url: string,
	{ itemIndex, isWoken, contents }: ReadRequest,
): Promise<FileMedia> {
	const known = isWoken ? run.files.of(itemIndex)?.fetched[input] : undefined;
	if (known?.source === sourceOf(url)) {
		const file = await restoreFile(run.context, known);
		if (file) return await checkFile(input, file, contents);
	}
	return await checkFile(input, await run.fetcher.file(input, url), contents);
}

function toFetched(url: string, { file }: FileMedia): FetchedFile {
	const { name, declaredType, size, fileId } = file;
	return { source: sourceOf(url), name, declaredType, size, fileId };
}

/**
 * The item with the files that its addresses gave before, if a job of these very inputs was submitted in this
 * execution: whatever the addresses give now, that job is the item's. Otherwise the user may have put other
 * files there.
 */
async function findSubmitted(run: Run, request: ReadRequest): Promise<FetchedRequest | undefined> {
	const { itemIndex, media } = request;
	const known = run.files.of(itemIndex);
	const byUrl = inputEntries(media).flatMap(([input, given]) =>
		'url' in given ? [{ input, url: given.url }] : [],
	);
	if (!known || byUrl.length === 0) return undefined;
	const { fetched } = known;
	if (!byUrl.every(({ input, url }) => fetched[input]?.source === sourceOf(url))) return undefined;
	const finding = async () => {
		const before = { ...media } as ByInput<FileMedia | Silence>;
		for (const { input } of byUrl) {
			const file = { ...fetched[input]!, open: unreadable };
			before[input] = await checkFile(input, file, request.contents);
		}
		const found = { ...request, media: before, fetched };
		const { key } = identify(run, itemIndex, await fitVoices(found, found.contents));
		const state = run.jobStore.job(key)?.state;
		return state === 'submitted' || state === 'submitting' ? found : undefined;
	};
	const found = await toResult(finding());
	return 'value' in found ? found.value : undefined;
}

/** Of a file whose job exists: it is not read any more. */
async function unreadable(): Promise<never> {
	return await Promise.reject(new Error('The file is not at hand'));
}

/** Reads each file once: for its digest, and for how long it sounds. */
async function fitRequest(
	run: Run,
	{ fetched, ...request }: FetchedRequest,
): Promise<PreparedRequest> {
	const fitted = await fitVoices(request, request.contents);
	if (request.promptNote) run.report.addNote(request.promptNote);
	for (const note of fitted.notes) run.report.addNote(note);
	const files = { contents: request.contents.noted, fetched };
	return { ...fitted, limits: request.limits, files };
}
