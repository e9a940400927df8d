import { MAIN_ACCOUNT } from './auth';
import type { Emulator } from './emulator';
import type { JobInputs } from './job';
import type { JobScript } from './job-script';
import { findModel, MODEL } from './models';
import { serverTime } from './options';

/** A job that another client of the account made, or an earlier execution. */
export interface SeededJob {
	/** Default: the account of the main key. */
	account?: string;
	/** Default: the default model. */
	model?: string;
	/** Default: made-up URLs. */
	inputs?: Partial<JobInputs>;
	/** How it ended, or `processing`: it ends by `finishJob` only. Default `completed`. */
	status?: string;
	/** The task's own code. */
	code?: number;
	error?: string;
	/** Seconds since its creation. Default 0. */
	ageSeconds?: number;
	/** USD charged for it. Default: it is not on the bill. */
	price?: number;
	/** ID, outputs and responses, as for a submitted job. */
	script?: Omit<JobScript, 'when' | 'match' | 'times' | 'seconds' | 'end'>;
}

const INPUTS: JobInputs = {
	image: 'https://example.test/other.png',
	left_audio: 'https://example.test/other-left.wav',
	right_audio: 'https://example.test/other-right.wav',
};

/** Adds a job without a submission; resolves with its ID. */
export async function seedJob(
	{ jobs, bills, settings }: Emulator,
	seeded: SeededJob,
): Promise<string> {
	const { account = MAIN_ACCOUNT, status = 'completed', code = 0, error = '' } = seeded;
	const model = findModel(seeded.model ?? MODEL);
	if (!model) throw new Error(`The emulator has no model "${seeded.model}"`);
	const inputs: JobInputs = { ...INPUTS, ...seeded.inputs };
	const running = status === 'processing';
	const end = { status: running ? 'completed' : status, code, error };
	const request = {
		submission: { model: model.id, account, body: { ...inputs }, url: `/api/v3/${model.id}` },
		model,
		inputs,
		script: { ...seeded.script, end, ...(running ? { seconds: 'never' as const } : {}) },
	};
	const createdAt = serverTime(settings) - (seeded.ageSeconds ?? 0) * 1000;
	const job = await jobs.seed(request, { status, code, error }, createdAt);
	if (seeded.price !== undefined) bills.charge(job.id, account, seeded.price);
	return job.id;
}
