/** Items that submit the same job over a scripted service, and what is stored of them. */
import { PatientCalls } from '../../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import type { JobRecord } from '../../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { openState } from '../../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import type {
	Submission,
	SubmittedJob,
} from '../../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import { Submissions } from '../../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import { MODEL, createBody, createJob, freshApi } from '../../support/api';
import { START } from '../../support/clock';
import { fresh } from '../../support/fresh';
import { createIdentity, createJobStore } from '../../support/records';

export const MINUTE = 60_000;
export const KEY = '0.0.print';
export const BODY = createBody();
/** The job of {@link BODY}, as the history shows it. */
export const FITTING = createJob({ inputs: { ...BODY } });

/** Everything anew for each test of a file. */
export function freshSubmissions() {
	const { http, clock, client } = freshApi();
	const state = fresh(() => openState({}));
	const hints = fresh((): string[] => []);

	/** What a try of the node has: new objects over the same store. */
	const newTry = (): Submissions => {
		const calls = new PatientCalls(clock);
		const addHint = (hint: string) => hints.push(hint);
		return new Submissions(client, createJobStore(clock, state), calls, () => {}, addHint);
	};
	const submissions = fresh(newTry);

	/** Submits the job of an item: the same job each time, unless more is given. */
	const submit = async (more: Partial<Submission> = {}): Promise<SubmittedJob> =>
		await submissions.submit({
			...{ key: KEY, model: MODEL, identity: createIdentity(), body: BODY, seedIsDerived: false },
			...{ look: async () => await Promise.resolve(undefined), deadline: START + 60 * MINUTE },
			...more,
		});

	/** An item that differs from others in more than its seed. */
	const submitSeed = async (seed: number): Promise<SubmittedJob> =>
		await submit({ key: `0.${seed}.x`, body: createBody({ seed, prompt: `video ${seed}` }) });

	/** What a later try finds of the item. */
	const resume = async (): Promise<SubmittedJob | undefined> =>
		await newTry().resume({
			...{ key: KEY, model: MODEL, identity: createIdentity(), seedIsDerived: false },
		});

	const record = (): JobRecord | undefined => state.jobs[KEY];

	return { http, clock, state, hints, submit, submitSeed, resume, record };
}
