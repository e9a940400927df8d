/** The rules at the head of startJob.ts, with real parts over a scripted service. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Budget } from '../../../nodes/WaveSpeedInfiniteTalk/cost/budget';
import { Prices } from '../../../nodes/WaveSpeedInfiniteTalk/cost/prices';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import type { PreparedRequest } from '../../../nodes/WaveSpeedInfiniteTalk/operations/prepareRequests';
import { startJob } from '../../../nodes/WaveSpeedInfiniteTalk/operations/startJob';
import { JobHistory } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/history';
import { knownJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { Proof } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/proof';
import { RoundHistory } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/roundHistory';
import { ReusableJobs } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/reuse';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { Submissions } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import {
	BASE,
	HISTORY_URL,
	MODEL_URL,
	createBody,
	createJob,
	createReset,
	createSuccess,
	freshApi,
} from '../support/api';
import { START } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { jsonOf } from '../support/http';
import { createFile, createFitted } from '../support/job';

const { client, clock, http } = freshApi();

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** What n8n keeps of the execution. */
const state = fresh(() => openState({}));
let made = 0;
/** Of the jobs that the service makes: other pictures in each test, as the process remembers its jobs. */
let prefix = '';
/** What the history shows. */
let shown: object[] = [];
let uploadMs = 0;

beforeEach(() => {
	[prefix, shown, uploadMs] = [`test-${++made}`, [], 0];
	http.always('POST', HISTORY_URL, () => createSuccess({ items: shown }));
});

interface Circumstances {
	accountId?: string;
	executionId?: string;
	mode?: string;
	node?: { retryOnFail?: boolean; maxTries?: number };
	stored?: ReturnType<typeof openState>;
}

/** A run of the node, with all that this process has in common between runs. */
function createRun(more: Circumstances = {}): Run {
	const { accountId = 'account', executionId = '1', mode = 'trigger', node = {} } = more;
	const jobStore = new JobStore(more.stored ?? state, clock.now, accountId);
	const proof = new Proof(http, BASE);
	const calls = new PatientCalls(clock, accountId);
	const addNote = () => {};
	const run = {
		context: { getNode: () => ({ type: 'x', ...node }), getMode: () => mode },
		uploads: {
			mediaUrls: async () => {
				await clock.until(uploadMs);
				return uploaded();
			},
		},
		reusable: new ReusableJobs(client, http, new JobHistory(client, clock), proof, jobStore, clock),
		submissions: new Submissions(client, jobStore, new PatientCalls(clock), () => {}, addNote),
		budget: new Budget(client, new Prices(client, calls), jobStore, 0),
		roundHistory: new RoundHistory(client, proof, jobStore, clock, executionId, addNote),
		report: { addNote, jobStarted: () => {} },
		paidJobs: new Map(),
		...{ accountId, executionId, runIndex: 0, clock, jobStore },
	};
	return run as unknown as Run;
}

function uploaded() {
	const { image, left_audio, right_audio } = createBody();
	return { image: `${image}?${prefix}`, left_audio, right_audio };
}

/** @param seed the user's; derived from the inputs unless one is given */
async function start(run = createRun(), seed?: number, deadline = START + 60 * MINUTE) {
	const media = (name: string) => ({
		file: createFile(Buffer.from(name), { fileId: `${prefix} ${name}` }),
		type: 'x/y',
	});
	const request = {
		...createFitted({
			media: { image: media('a'), leftAudio: media('bc'), rightAudio: media('def') },
		}),
		...{ seed, limits: {}, files: { contents: {}, fetched: {} } },
	};
	return await startJob(run, { itemIndex: 0, request: request as PreparedRequest, deadline });
}

/** The service makes a job of each submission, and finds it. */
function onSubmit(afterMs = 0): void {
	let count = 0;
	http.always('POST', MODEL_URL, async () => {
		const id = `${prefix}-${++count}`;
		await clock.until(afterMs);
		return createSuccess(createJob({ id }));
	});
	http.always('GET', new RegExp(`${prefix}-\\d+/result$`), ({ url }) =>
		createSuccess(createJob({ id: new RegExp(`${prefix}-\\d+`).exec(url)![0] })),
	);
}

/** Has the history show the same job as another process would have made it, of the same uploads. */
function showEqual(seed: unknown): string {
	const id = `${prefix}-9`;
	const inputs = { ...createBody(), ...uploaded(), seed };
	shown = [createJob({ id, status: 'processing', inputs })];
	return id;
}

const submissions = () => http.to('POST', MODEL_URL);
const sentSeed = () => http.json(MODEL_URL)[0]!.seed;

describe('a new job', () => {
	it('is not made when another process has made it during the upload', async () => {
		onSubmit();
		await start(createRun({ stored: openState({}) }));
		uploadMs = MINUTE;
		const running = start(createRun({ accountId: 'the same with another key' }));
		await clock.until(SECOND);
		const id = showEqual(sentSeed());
		expect(await running).toMatchObject({ id, origin: 'reused' });
		expect(submissions()).toHaveLength(1);
	});

	it('whose response is lost is found, and remembered as one that the service finds', async () => {
		http.on('POST', MODEL_URL, (request) => {
			showEqual(jsonOf(request).seed);
			return createReset();
		});
		const { id, origin } = await start();
		expect([id, origin]).toEqual([`${prefix}-9`, 'recovered']);
		expect(knownJob('account', id)).toMatchObject({ newUntil: 0 });
	});
});

describe('two executions at once', () => {
	const another = (more: Circumstances = {}) =>
		createRun({ executionId: '2', stored: openState({}), ...more });

	it.each([
		['of two accounts', { accountId: 'another account' }, undefined],
		['with a seed of the user', {}, 7],
	])('%s do not wait for each other', async (_what, more, seed) => {
		onSubmit(MINUTE);
		await Promise.all([start(createRun(), seed), start(another(more), seed)]);
		expect(submissions()).toHaveLength(2);
		expect(clock.elapsed).toBe(MINUTE);
	});

	it('wait no longer than until the own deadline', async () => {
		onSubmit(5 * MINUTE);
		const first = start();
		const failure = await jobErrorOf(start(another(), undefined, START + 6 * SECOND));
		expect(failure.message).toContain('Timeout');
		expect(clock.elapsed).toBe(6 * SECOND);
		await first;
		expect(submissions()).toHaveLength(1);
	});
});

it.each([
	[{}, 1],
	[{ retryOnFail: true }, 3],
	[{ retryOnFail: true, maxTries: 9 }, 5],
])(
	'a node with %j submits an item %i times at most, whatever n8n counts',
	async (node, allowed) => {
		onSubmit();
		for (let count = 1; count <= allowed; count++) {
			const { id, key } = await start(createRun({ node }), -1);
			state.jobs[key!] = { state: 'failed', id };
		}
		const failure = await jobErrorOf(start(createRun({ node }), -1));
		expect(failure.message).toContain(`submitted ${allowed} times`);
		expect(submissions()).toHaveLength(allowed);
	},
);

it.each([
	[7, 'reused'],
	[-1, 'submitted'],
])('with the seed %i a Retry finds the job of an earlier retry: %s', async (seed, origin) => {
	onSubmit();
	await start(createRun({ stored: openState({}) }), seed);
	expect(await start(createRun({ mode: 'retry' }), seed)).toMatchObject({ origin });
});
