import type { Emulator } from './emulator';
import { isSuccess, type Job } from './job';
import type { ScriptedStatus } from './job-script';

export interface PredictionView {
	/** Default: the real one. */
	status?: ScriptedStatus;
	/** History and webhooks show the execution time, and may show the inputs. */
	executionTime?: boolean;
	inputsAs?: 'input' | 'inputs' | 'none';
}

/** The prediction object as the service reports it, with the changes of the job's script. */
export function predictionBody(
	job: Job,
	{ baseUrl }: Emulator,
	{ status: shown = job, executionTime = false, inputsAs = 'none' }: PredictionView = {},
): Record<string, unknown> {
	const { id, model, endedAt, startedAt } = job;
	const outputs = isSuccess(shown.status) ? scriptedOutputs(job) : [];
	const inferenceMs = endedAt !== undefined && startedAt !== undefined ? endedAt - startedAt : 0;
	return {
		id,
		model,
		outputs,
		urls: { get: `${baseUrl}/api/v3/predictions/${id}/result` },
		has_nsfw_contents: Array.isArray(outputs) ? outputs.map(() => false) : [],
		status: shown.status,
		created_at: job.createdAtIso,
		error: shown.error ?? '',
		timings: { inference: shown.status === job.status ? inferenceMs : 0 },
		...(shown.code && { code: shown.code }),
		...(executionTime && { executionTime: inferenceMs }),
		...(inputsAs !== 'none' && { [inputsAs]: job.inputs }),
		...job.script.set,
	};
}

function scriptedOutputs({ script, videoUrl }: Job): unknown {
	if (script.outputs === undefined) return [videoUrl];
	return JSON.parse(JSON.stringify(script.outputs).replaceAll('{url}', videoUrl));
}
