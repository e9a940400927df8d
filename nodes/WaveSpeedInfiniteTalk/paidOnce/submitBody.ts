/** The body that a job is submitted with, and its price asked for. */
import type { MediaUrls, SubmitBody } from '../api/client';
import type { CheckedRequest } from '../inputs/request';

/** @param media addresses that the service can read */
export function toSubmitBody(
	media: MediaUrls,
	{ model, order, prompt }: Pick<CheckedRequest, 'model' | 'order' | 'prompt'>,
	seed: number,
): SubmitBody {
	return {
		...media,
		...(prompt && { prompt }),
		...(model.takesOrder && { order }),
		...(model.resolution && { resolution: model.resolution }),
		seed,
	};
}
