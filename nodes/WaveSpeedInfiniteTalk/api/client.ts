/**
 * WaveSpeed's HTTP API. The only place that knows its addresses.
 * Contract: wavespeed.ai/docs/rest-api and the pages named below.
 */
import { toResult } from '../shared/result';
import type { BillingsPage, Price } from './account';
import { BILLINGS_PAGE_SIZE, parseBillings, parsePrice } from './account';
import { ApiError, isMissingRoute } from './errors';
import type { Http, HttpRequest } from './http';
import { parsePage, toListBody } from './listing';
import type { Prediction } from './prediction';
import { isNumber, isPlainObject } from './prediction';
import type { FileFacts, HistoryQuery, ListQuery, PredictionPage, SubmitBody } from './requests';
import { HISTORY_PAGE_SIZE } from './requests';
import { parseResult, parseSubmission, submissionError } from './submission';
import { REQUEST_TIMEOUT_MS } from './limits';
import { ApiTransport, timeLimits } from './transport';
import type { UploadTicket } from './upload';
import { parseDownloadUrl, parseTicket } from './upload';

export { HISTORY_PAGE_SIZE } from './requests';
export type * from './requests';
export { REQUEST_TIMEOUT_MS } from './limits';
export type { UploadTicket } from './upload';

/** Where a job is read: the current address, and that of older documentation. */
type ResultSuffix = '/result' | '';

export class WaveSpeedClient {
	private readonly transport: ApiTransport;
	/** The one that answered, kept for the run. */
	private resultSuffix: ResultSuffix | undefined;

	constructor(
		http: Http,
		/** Without trailing slash. */
		readonly baseUrl: string,
		now: () => number,
	) {
		this.transport = new ApiTransport(http, baseUrl, now);
	}

	/**
	 * A time of this machine's clock on the service's clock, as far as its responses told.
	 *
	 * @param time milliseconds since 1970
	 */
	toServerTime(time: number): number {
		return this.transport.toServerTime(time);
	}

	/**
	 * Sends one job. Never repeated here: a second request is a second bill. Any response with a usable ID
	 * counts as a submission.
	 *
	 * @param model WaveSpeed's ID of it, such as `wavespeed-ai/infinitetalk-fast/multi`
	 * @throws ApiError; a job may exist unless `details.notProcessed`
	 */
	async submit(model: string, body: SubmitBody, webhookUrl?: string): Promise<Prediction> {
		// The webhook goes into the query; as a body key it would be dropped silently.
		const query = webhookUrl ? `?webhook=${encodeURIComponent(webhookUrl)}` : '';
		const path = `${modelPath(model)}${query}`;
		const response = await this.transport.exchange('POST', path, body, { cancellable: false });
		const prediction = parseSubmission(response);
		if (prediction) return prediction;
		throw submissionError(response, this.transport.now());
	}

	/**
	 * Reads a job. The address is built from the ID; the `urls.get` of a response is remote input.
	 * Where `…/result` does not exist, the address of older documentation is tried once.
	 *
	 * @param withinMs milliseconds after which a stalled response is given up
	 * @throws ApiError
	 */
	async result(id: string, withinMs = REQUEST_TIMEOUT_MS): Promise<Prediction> {
		if (this.resultSuffix !== undefined) {
			return await this.readResult(id, this.resultSuffix, withinMs);
		}
		const result = await toResult(this.readResult(id, '/result', withinMs));
		if ('value' in result) return result.value;
		if (!isMissingRoute(result.error)) throw result.error;
		const older = await toResult(this.readResult(id, '', withinMs));
		if ('value' in older) return older.value;
		const passes = !(older.error instanceof ApiError) || older.error.transient;
		throw passes ? older.error : result.error;
	}

	/** One page of a model's jobs with their inputs. */
	async history(query: HistoryQuery): Promise<PredictionPage> {
		return await this.listPredictions({ ...query, pageSize: HISTORY_PAGE_SIZE });
	}

	/**
	 * One page of the account's jobs (wavespeed.ai/docs/predictions-api).
	 *
	 * @throws ApiError
	 */
	async listPredictions(query: ListQuery): Promise<PredictionPage> {
		const limits = timeLimits(query.withinMs ?? REQUEST_TIMEOUT_MS);
		const data = await this.transport.call('POST', 'predictions', toListBody(query), limits);
		return parsePage(data, query.pageSize);
	}

	/**
	 * Deletes jobs for good (wavespeed.ai/docs/delete-task). Stops none, and promises no refund.
	 *
	 * @returns how many were deleted, as far as the service says
	 */
	async deletePredictions(ids: readonly string[]): Promise<number | undefined> {
		const data = await this.transport.call('POST', 'predictions/delete', { ids });
		const count = isPlainObject(data) ? data.deleted_count : undefined;
		return typeof count === 'number' ? count : undefined;
	}

	/**
	 * What a job with these inputs would cost; charges nothing. Audio that the service cannot read gives
	 * its floor price (WaveSpeedAI/mcp-server, src/lib/pricing-vars.ts).
	 *
	 * @throws ApiError, also when the response has no price
	 */
	async price(model: string, inputs: object): Promise<Price> {
		const data = await this.transport.call('POST', 'model/price', { model_id: model, inputs });
		const price = parsePrice(data);
		if (!price) throw unreadableResponse('WaveSpeed returned no readable price');
		return price;
	}

	/**
	 * A page of the charges and refunds of jobs (wavespeed.ai/docs/check-billings).
	 *
	 * @param predictionIds at most {@link BILLINGS_BATCH}
	 * @param page from 1
	 */
	async billings(predictionIds: readonly string[], page = 1): Promise<BillingsPage> {
		const data = await this.transport.call('POST', 'billings/search', {
			page,
			page_size: BILLINGS_PAGE_SIZE,
			prediction_uuids: predictionIds,
		});
		const { records, more } = parseBillings(data);
		const asked = new Set(predictionIds);
		return { records: records.filter(({ predictionId }) => asked.has(predictionId)), more };
	}

	/** Asks for a place to upload to. */
	async uploadTicket(file: FileFacts): Promise<UploadTicket> {
		const data = await this.transport.call('POST', 'media/uploads', {
			filename: file.name,
			size: file.size,
			...(file.type && { content_type: file.type }),
		});
		return parseTicket(data);
	}

	/** Uploads a whole multipart form in one step, the way of older clients. */
	async uploadOneStep(
		form: { body: NonNullable<HttpRequest['body']>; contentType: string },
		limits: Pick<HttpRequest, 'idleTimeoutMs' | 'bulkTimeoutMs'>,
	): Promise<string> {
		const response = await this.transport.send('media/upload/binary', {
			method: 'POST',
			headers: { 'Content-Type': form.contentType },
			body: form.body,
			...limits,
		});
		const downloadUrl = parseDownloadUrl(this.transport.dataOf(response));
		if (!downloadUrl)
			throw unreadableResponse('WaveSpeed accepted the upload but returned no URL for it');
		return downloadUrl;
	}

	/** Dollars left on the account. */
	async balance(): Promise<number | undefined> {
		const data = await this.transport.call('GET', 'balance');
		return isPlainObject(data) && isNumber(data.balance) ? data.balance : undefined;
	}

	/** The secret that callbacks are signed with, or undefined when the account has none. */
	async webhookSecret(): Promise<string | undefined> {
		const data = await this.transport.call('GET', 'webhook/secret');
		return isPlainObject(data) && typeof data.secret === 'string' ? data.secret : undefined;
	}

	private async readResult(
		id: string,
		suffix: ResultSuffix,
		withinMs: number,
	): Promise<Prediction> {
		const path = `predictions/${encodeURIComponent(id)}${suffix}`;
		const limits = timeLimits(withinMs);
		const response = await this.transport.exchange('GET', path, undefined, limits);
		const prediction = parseResult(response);
		if (prediction?.id !== id) {
			this.transport.dataOf(response);
			throw unreadableResponse(
				prediction
					? `WaveSpeed returned a different job (${prediction.id})`
					: 'WaveSpeed returned no readable job',
			);
		}
		this.resultSuffix = suffix;
		return prediction;
	}
}

/** The slashes of a model's ID separate segments of the path. */
function modelPath(model: string): string {
	return model.split('/').map(encodeURIComponent).join('/');
}

function unreadableResponse(sentence: string): ApiError {
	return new ApiError('unreadable', sentence, { notProcessed: false });
}
