import { MAIN_ACCOUNT } from './auth';
import type { Emulator } from './emulator';
import type { JobInputs } from './job';
import type { JobScript, ScriptedStatus } from './job-script';
import { MODEL, requireModel } from './models';
import { serverTime } from './options';

/** A job that another client of the account made, or an earlier execution. */
export interface SeededJob extends Partial<ScriptedStatus> {
	/** How it ended, or `processing`: it ends by `finishJob` only. Default `completed`. */
	status?: string;
	/** Default: the account of the main key. */
	account?: string;
	/** Default: the default model. */
	model?: string;
	/** Default: made-up URLs. */
	inputs?: Partial<JobInputs>;
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

/** Adds a job without a submission; gives its ID. */
export function seedJob({ jobs, bills, settings }: Emulator, seeded: SeededJob): string {
	const { account = MAIN_ACCOUNT, model = MODEL, status = 'completed', price } = seeded;
	const { code = 0, error = '', ageSeconds = 0, script } = seeded;
	const inputs: JobInputs = { ...INPUTS, ...seeded.inputs };
	const running: JobScript = status === 'processing' ? { seconds: 'never' } : {};
	const { id } = jobs.seed(
		{
			...{
				model,
				account,
				inputs,
				body: { ...inputs },
				url: `/api/v3/${model}`,
				webhook: undefined,
			},
			spec: requireModel(model),
			script: { ...running, ...script },
		},
		{ status, code, error },
		serverTime(settings) - ageSeconds * 1000,
	);
	if (price !== undefined) bills.charge(id, account, price);
	return id;
}
