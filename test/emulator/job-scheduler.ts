import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bills } from './bills';
import { nanoIso, type Job, type JobRequest } from './job';
import type { ScriptedStatus } from './job-script';
import { serverTime, type Settings } from './options';
import { STUB_VIDEO } from './render';
import { TaskFailure, type Worker } from './worker';

/** Fraction of a job's duration in which it is `created`; then it is `processing`. */
const CREATED_SHARE = 0.1;

/** A timer's longest time in milliseconds; a longer one would fire at once. */
const NEVER_MS = 2_147_483_647;

interface Running {
	/** Its abort skips the remaining duration. */
	expedite: AbortController;
	ended: Promise<void>;
}

/** Holds all jobs and moves them from created to their end as time passes. */
export class JobScheduler {
	private readonly jobs = new Map<string, Job>();
	private readonly running = new Map<Job, Running>();

	constructor(
		private readonly settings: Settings,
		private readonly worker: Worker,
		private readonly bills: Bills,
		private readonly cdn: () => string,
		/** Told of each job that ended without being deleted. */
		private readonly ended: (job: Job) => void,
	) {}

	/** Accepts a submission and starts its job. */
	create(request: JobRequest): Job {
		const job = this.add(request, serverTime(this.settings));
		this.start(job);
		return job;
	}

	/** Adds a job without a submission: one that has ended, or one that ends by finish() only. */
	seed(request: JobRequest, end: ScriptedStatus, createdAt: number): Job {
		const job = this.add(request, createdAt);
		job.seeded = true;
		if (end.status === 'processing') this.start(job);
		else Object.assign(job, end, { startedAt: createdAt, endedAt: createdAt, video: STUB_VIDEO });
		return job;
	}

	private add(request: JobRequest, createdAt: number): Job {
		const { id = randomBytes(16).toString('hex') } = request.script;
		const job: Job = {
			...request,
			id,
			seeded: false,
			createdAt,
			createdAtIso: nanoIso(createdAt),
			status: 'created',
			videoUrl: `${this.cdn()}/outputs/${id}/1.mp4`,
			polls: 0,
			historyPages: 0,
			deleted: false,
		};
		this.jobs.set(id, job);
		return job;
	}

	/** A job (of this account) that is neither deleted nor older than its retention. */
	find(id: string, account?: string): Job | undefined {
		const job = this.jobs.get(id);
		if (!job || job.deleted) return undefined;
		const limit = serverTime(this.settings) - this.settings.retentionSeconds * 1000;
		const visible = account === undefined || job.account === account;
		return visible && job.createdAt > limit ? job : undefined;
	}

	/** All jobs in order of arrival, including deleted ones. */
	all(): Job[] {
		return [...this.jobs.values()];
	}

	/** Ends one job now, as its script says. */
	async finish(id: string): Promise<void> {
		const job = this.jobs.get(id);
		if (!job) throw new Error(`There is no job ${id}`);
		this.running.get(job)?.expedite.abort();
		await this.whenEnded(id);
	}

	async finishAll(): Promise<void> {
		await Promise.all([...this.running.keys()].map(async ({ id }) => await this.finish(id)));
	}

	async whenEnded(id: string): Promise<void> {
		const job = this.jobs.get(id);
		await (job && this.running.get(job)?.ended);
	}

	delete(id: string, account: string): boolean {
		const job = this.find(id, account);
		if (!job) return false;
		job.deleted = true;
		if (job.endedAt === undefined) this.end(job, { status: 'deleted' });
		return true;
	}

	/** Forgets all jobs; resolves when nothing works for one any more. */
	async clear(): Promise<void> {
		const running = [...this.running.values()];
		this.running.clear();
		this.jobs.clear();
		for (const { expedite } of running) expedite.abort();
		await Promise.all(running.map(async ({ ended }) => await ended));
	}

	private start(job: Job): void {
		const expedite = new AbortController();
		this.running.set(job, { expedite, ended: this.run(job, expedite.signal) });
	}

	private async run(job: Job, expedited: AbortSignal): Promise<void> {
		const seconds = job.script.seconds ?? this.settings.jobSeconds;
		const ms = seconds === 'never' ? NEVER_MS : seconds * 1000;
		await pause(seconds === 'never' ? 0 : ms * CREATED_SHARE, expedited);
		// Not any more when it was deleted, or forgotten by clear().
		if (!this.running.has(job)) return;
		job.status = 'processing';
		job.startedAt = serverTime(this.settings);
		const end = await this.process(job, ms * (1 - CREATED_SHARE), expedited);
		if (this.running.has(job)) this.end(job, end);
	}

	/** Renders and waits for the duration; an unreadable input ends the job at once. */
	private async process(job: Job, ms: number, expedited: AbortSignal): Promise<ScriptedStatus> {
		const rendering = this.worker.run(job);
		const time = pause(ms, expedited);
		try {
			const rendered = await rendering;
			job.video = rendered.video;
			if (rendered.price !== undefined) this.bills.reprice(job.id, rendered.price);
		} catch (error) {
			// A scripted end overrides an input failure.
			if (!job.script.end) {
				const code = error instanceof TaskFailure ? error.code : 5000;
				return { status: 'failed', code, error: (error as Error).message };
			}
		}
		await time;
		return job.script.end ?? { status: 'completed' };
	}

	private end(job: Job, end: ScriptedStatus): void {
		Object.assign(job, end, { endedAt: serverTime(this.settings) });
		// Cancels its pending timers.
		this.running.get(job)?.expedite.abort();
		this.running.delete(job);
		this.bills.refund(job.id, job.status);
		if (!job.deleted) this.ended(job);
	}
}

/** Waits for this time, or until it is cut short. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
	if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => undefined);
}
