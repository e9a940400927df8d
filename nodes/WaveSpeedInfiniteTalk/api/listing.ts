/** The account's jobs, page by page (wavespeed.ai/docs/predictions-api). */
import { isPlainObject, parsePrediction } from './prediction';
import type { ListQuery, PredictionPage } from './requests';

/** The body of a request for one page; filters that are not given are left out. */
export function toListBody(query: ListQuery): object {
	const { status, model, createdAfter, createdBefore } = query;
	return {
		page: query.page,
		page_size: query.pageSize,
		...(model !== undefined && { model }),
		...(status !== undefined && { status }),
		include_inputs: query.includeInputs ?? true,
		...(createdAfter !== undefined && { created_after: new Date(createdAfter).toISOString() }),
		...(createdBefore !== undefined && { created_before: new Date(createdBefore).toISOString() }),
	};
}

export function parsePage(data: unknown, pageSize: number): PredictionPage {
	const items: unknown[] = isPlainObject(data) && Array.isArray(data.items) ? data.items : [];
	return {
		items: items.map((item) => parsePrediction(item)).filter((item) => item !== undefined),
		full: items.length >= pageSize,
	};
}
