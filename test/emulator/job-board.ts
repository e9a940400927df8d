import type { Ledger } from './billing';
import type { Clock } from './clock';
import { isRefunded, makeId, nanoIso, type Job, type JobEnd, type JobInputs } from './job';
import type { JobScript, ScriptedStatus, Submission } from './job-script';
import type { Settings } from './options';
import { TaskFailure, type Worker } from './worker';

/** Share of a job's time that it shows `created` before it shows `processing`. */
const CREATED_SHARE = 0.1;

export interface BoardEvents {
	/** A job began to process. */
	processing(job: Job): void;
	/** A job ended by itself (not by being deleted). */
	ended(job: Job): void;
	/** Anything changed. */
	changed(): void;
}

interface Running {
	/** Lets the rest of its time pass at once. */
	hurry(): void;
	ended: Promise<void>;
}

/** All jobs, and their life by time. */
export class JobBoard {
	private readonly jobs = new Map<string, Job>();
	private readonly running = new Map<string, Running>();
	private queue: Job[] = [];
	private readonly endings = new Map<string, Array<() => void>>();
	/** Changed by a clear, so that work begun before it cannot end a job after it. */
	private era = 0;

	constructor(
		private readonly settings: Settings,
		private readonly clock: Clock,
		private readonly worker: Worker,
		private readonly ledger: Ledger,
		private readonly events: BoardEvents,
		private readonly cdn: () => string,
	) {}

	create(submission: Submission, inputs: JobInputs, ignoredKeys: string[], script: JobScript): Job {
		const id = makeId(script.id);
		const now = this.clock.now();
		const job: Job = {
			id,
			submission,
			inputs,
			ignoredKeys,
			script,
			createdAt: now,
			createdAtIso: nanoIso(now),
			phase: 'created',
			videoUrl: `${this.cdn()}/outputs/${id}/1${script.extension ?? '.mp4'}`,
			reads: [],
			polls: 0,
			historyPages: 0,
			deleted: false,
		};
		this.jobs.set(id, job);
		this.queue.push(job);
		this.startNext();
		return job;
	}

	/** A job that was not deleted and has not passed its retention. */
	find(id: string): Job | undefined {
		const job = this.jobs.get(id);
		const limit = this.clock.now() - this.settings.retentionSeconds * 1000;
		return job && !job.deleted && job.createdAt > limit ? job : undefined;
	}

	/** All jobs ever, the newest first, deleted ones included. */
	all(): Job[] {
		return [...this.jobs.values()].reverse();
	}

	/** Ends one job now, as its script says; a waiting one is started out of turn. */
	async finish(id: string): Promise<Job> {
		const job = this.jobs.get(id);
		if (!job) throw new Error(`There is no job ${id}`);
		if (this.queue.includes(job)) this.start(job);
		const running = this.running.get(id);
		running?.hurry();
		await running?.ended;
		return job;
	}

	async finishAll(): Promise<void> {
		const open = [...this.jobs.values()].filter((job) => job.phase !== 'ended');
		await Promise.all(open.map((job) => this.finish(job.id)));
	}

	whenEnded(id: string): Promise<void> {
		const job = this.jobs.get(id);
		if (!job || job.phase === 'ended') return Promise.resolve();
		return new Promise((resolve) => {
			this.endings.set(id, [...(this.endings.get(id) ?? []), resolve]);
		});
	}

	delete(id: string): boolean {
		const job = this.find(id);
		if (!job) return false;
		job.deleted = true;
		if (job.phase !== 'ended') {
			this.queue = this.queue.filter((other) => other !== job);
			this.conclude(job, { status: 'deleted' });
		}
		return true;
	}

	clear(): void {
		this.era += 1;
		const running = [...this.running.values()];
		this.running.clear();
		this.queue = [];
		this.jobs.clear();
		for (const { hurry } of running) hurry();
		for (const waiting of this.endings.values()) for (const resolve of waiting) resolve();
		this.endings.clear();
	}

	private startNext(): void {
		const limit = this.settings.concurrentJobs ?? Infinity;
		while (this.running.size < limit) {
			const job = this.queue[0];
			if (!job) return;
			this.start(job);
		}
	}

	private start(job: Job): void {
		this.queue = this.queue.filter((other) => other !== job);
		const hurried = new AbortController();
		// Entered first: a job of no time at all must find itself running.
		const running: Running = { hurry: () => hurried.abort(), ended: Promise.resolve() };
		this.running.set(job.id, running);
		running.ended = this.live(job, hurried.signal, this.era);
	}

	private async live(job: Job, hurried: AbortSignal, era: number): Promise<void> {
		const seconds = job.script.seconds ?? this.settings.jobSeconds;
		const ms = seconds === 'never' ? Infinity : seconds * 1000;
		await this.pass(seconds === 'never' ? 0 : ms * CREATED_SHARE, hurried);
		if (era !== this.era || job.phase === 'ended') return;
		job.phase = 'processing';
		job.startedAt = this.clock.now();
		this.events.processing(job);
		this.events.changed();
		const end = await this.process(job, ms * (1 - CREATED_SHARE), hurried);
		if (era !== this.era || job.deleted) return;
		this.conclude(job, end);
	}

	/** The work and the time that it takes; a failed input ends the job at once. */
	private async process(job: Job, ms: number, hurried: AbortSignal): Promise<ScriptedStatus> {
		const work = this.worker.run(job);
		const time = this.pass(ms, hurried);
		try {
			const done = await work;
			job.video = done.video;
			if (done.price !== undefined) this.ledger.reprice(job.id, done.price);
		} catch (error) {
			// A script that decides the end does not care for the inputs.
			if (!job.script.end) {
				const code = error instanceof TaskFailure ? error.code : 5000;
				return { status: 'failed', code, error: (error as Error).message };
			}
		}
		await time;
		return job.script.end ?? { status: 'completed' };
	}

	private conclude(job: Job, { status, code = 0, error = '' }: ScriptedStatus): void {
		const end: JobEnd = { status, code, error, time: this.clock.now() };
		job.end = end;
		job.phase = 'ended';
		// Its timers have nothing left to wait for.
		this.running.get(job.id)?.hurry();
		this.running.delete(job.id);
		if (isRefunded(status)) this.ledger.refund(job.id);
		for (const resolve of this.endings.get(job.id) ?? []) resolve();
		this.endings.delete(job.id);
		if (!job.deleted) this.events.ended(job);
		this.startNext();
		this.events.changed();
	}

	private pass(ms: number, hurried: AbortSignal): Promise<void> {
		if (ms <= 0 || hurried.aborted) return Promise.resolve();
		return new Promise((resolve) => {
			const stop = Number.isFinite(ms) ? this.clock.setTimer(resolve, ms) : () => undefined;
			hurried.addEventListener('abort', () => {
				stop();
				resolve();
			});
		});
	}
}
