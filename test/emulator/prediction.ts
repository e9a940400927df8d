import type { Emulator } from './emulator';
import { isSuccess, realStatus, type Job, type JobInputs } from './job';
import type { ScriptedStatus } from './job-script';
import type { Settings } from './options';

export interface PredictionView {
	/** Default: the real one. */
	status?: ScriptedStatus;
	/** History and webhooks show the execution time, and may show the inputs. */
	executionTime?: boolean;
	inputsAs?: 'input' | 'inputs';
}

/** The prediction object as the service reports it, with the changes of the job's script. */
export function predictionBody(
	job: Job,
	{ baseUrl, settings }: Emulator,
	view: PredictionView = {},
): Record<string, unknown> {
	const shown = view.status ?? realStatus(job);
	const completed = isSuccess(shown.status);
	const inferenceMs = job.end && job.startedAt !== undefined ? job.end.time - job.startedAt : 0;
	const outputs = completed ? scriptedOutputs(job) : [];
	const body: Record<string, unknown> = {
		id: job.id,
		model: job.submission.model,
		outputs,
		urls: { get: `${baseUrl}/api/v3/predictions/${job.id}/result` },
		has_nsfw_contents: completed ? nsfw(job, outputs) : [],
		status: shown.status,
		created_at: job.createdAtIso,
		error: shown.error ?? '',
		timings: { inference: shown.status === realStatus(job).status ? inferenceMs : 0 },
	};
	if (shown.code) body['code'] = shown.code;
	if (view.executionTime) body['executionTime'] = inferenceMs;
	if (view.inputsAs) body[view.inputsAs] = shownInputs(job, settings);
	Object.assign(body, job.script.set);
	for (const field of job.script.omit ?? []) delete body[field];
	return body;
}

function shownInputs(job: Job, settings: Settings): JobInputs {
	return settings.showDrawnSeed ? { ...job.inputs, seed: job.seed } : job.inputs;
}

function scriptedOutputs(job: Job): unknown {
	if (job.script.outputs === undefined) return [job.videoUrl];
	return JSON.parse(JSON.stringify(job.script.outputs).replaceAll('{url}', job.videoUrl));
}

function nsfw(job: Job, outputs: unknown): unknown {
	if (job.script.hasNsfwContents !== undefined) return job.script.hasNsfwContents;
	return Array.isArray(outputs) ? outputs.map(() => false) : [];
}
