/** The body that a job is submitted with, and its price asked for. */
import type { SubmitBody } from '../api/client';
import type { CheckedRequest } from '../inputs/request';

/** @param media addresses that the service can read */
export function toSubmitBody(
	media: Pick<SubmitBody, 'image' | 'left_audio' | 'right_audio'>,
	{ model, order, prompt }: Pick<CheckedRequest, 'model' | 'order' | 'prompt'>,
	seed: number,
): SubmitBody {
	return {
		...media,
		...(prompt && { prompt }),
		order,
		...(model.resolution && { resolution: model.resolution }),
		seed,
	};
}
