import type { Bills } from './bills';
import type { Clock } from './clock';
import { drawSeed, makeId, nanoIso, type Job, type JobEnd } from './job';
import type { ScriptedStatus } from './job-script';
import type { Settings } from './options';
import { TaskFailure, type Worker } from './worker';

/** Fraction of a job's duration in which it is `created`; then it is `processing`. */
const CREATED_SHARE = 0.1;

export interface JobEvents {
	/** A job started to process. */
	processing(job: Job): void;
	/** A job ended without being deleted. */
	ended(job: Job): void;
	/** Any job changed. */
	changed(): void;
}

/** What makes a job. */
export type JobRequest = Pick<Job, 'submission' | 'model' | 'inputs' | 'ignoredKeys' | 'script'>;

interface Running {
	/** Skips the remaining duration. */
	expedite(): void;
	ended: Promise<void>;
}

/** Holds all jobs and moves them from created to their end as time passes. */
export class JobScheduler {
	private readonly jobs = new Map<string, Job>();
	private readonly running = new Map<string, Running>();
	private queue: Job[] = [];
	private readonly endListeners = new Map<string, Array<() => void>>();
	/** Incremented by clear(), so that earlier work cannot end a later job. */
	private generation = 0;

	constructor(
		private readonly settings: Settings,
		private readonly clock: Clock,
		private readonly worker: Worker,
		private readonly bills: Bills,
		private readonly events: JobEvents,
		private readonly cdn: () => string,
	) {}

	/** Accepts a submission; the job starts as soon as the concurrency limit allows. */
	create(request: JobRequest): Job {
		const job = this.add(request, this.clock.now());
		this.queue.push(job);
		this.startNext();
		return job;
	}

	/** Adds a job without a submission: one that has ended, or one that ends by finish() only. */
	async seed(request: JobRequest, end: ScriptedStatus, createdAt: number): Promise<Job> {
		const video = await this.worker.stubVideo();
		const job = this.add(request, createdAt);
		job.seeded = true;
		if (end.status === 'processing') {
			this.start(job);
			return job;
		}
		const { status, code = 0, error = '' } = end;
		Object.assign(job, { phase: 'ended', startedAt: createdAt, video });
		job.end = { status, code, error, time: createdAt };
		this.events.changed();
		return job;
	}

	private add(request: JobRequest, createdAt: number): Job {
		const { script } = request;
		const id = makeId(script.id);
		const job: Job = {
			...request,
			id,
			account: request.submission.account,
			seeded: false,
			seed: drawSeed(request.inputs.seed),
			createdAt,
			createdAtIso: nanoIso(createdAt),
			phase: 'created',
			videoUrl: `${this.cdn()}/outputs/${id}/1${script.extension ?? '.mp4'}`,
			reads: [],
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
		const limit = this.clock.now() - this.settings.retentionSeconds * 1000;
		const visible = account === undefined || job.account === account;
		return visible && job.createdAt > limit ? job : undefined;
	}

	/** All jobs in order of arrival, including deleted ones. */
	all(): Job[] {
		return [...this.jobs.values()];
	}

	/** All jobs by time of creation, newest first, including deleted ones. */
	newestFirst(): Job[] {
		return this.all()
			.reverse()
			.sort((a, b) => b.createdAt - a.createdAt);
	}

	/** Ends one job now, as its script says; a queued one is started first. */
	async finish(id: string): Promise<Job> {
		const job = this.jobs.get(id);
		if (!job) throw new Error(`There is no job ${id}`);
		if (this.queue.includes(job)) this.start(job);
		const running = this.running.get(id);
		running?.expedite();
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
			this.endListeners.set(id, [...(this.endListeners.get(id) ?? []), resolve]);
		});
	}

	delete(id: string, account: string): boolean {
		const job = this.find(id, account);
		if (!job) return false;
		job.deleted = true;
		if (job.phase !== 'ended') {
			this.queue = this.queue.filter((other) => other !== job);
			this.endJob(job, { status: 'deleted' });
		}
		return true;
	}

	clear(): void {
		this.generation += 1;
		const running = [...this.running.values()];
		this.running.clear();
		this.queue = [];
		this.jobs.clear();
		for (const { expedite } of running) expedite();
		for (const listeners of this.endListeners.values()) for (const resolve of listeners) resolve();
		this.endListeners.clear();
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
		const expedited = new AbortController();
		// Registered before it runs: a job of zero duration ends synchronously.
		const running: Running = { expedite: () => expedited.abort(), ended: Promise.resolve() };
		this.running.set(job.id, running);
		running.ended = this.runJob(job, expedited.signal, this.generation);
	}

	private async runJob(job: Job, expedited: AbortSignal, generation: number): Promise<void> {
		const seconds = job.script.seconds ?? this.settings.jobSeconds;
		const ms = seconds === 'never' ? Infinity : seconds * 1000;
		await this.delay(seconds === 'never' ? 0 : ms * CREATED_SHARE, expedited);
		if (generation !== this.generation || job.phase === 'ended') return;
		job.phase = 'processing';
		job.startedAt = this.clock.now();
		this.events.processing(job);
		this.events.changed();
		const end = await this.process(job, ms * (1 - CREATED_SHARE), expedited);
		if (generation !== this.generation || job.deleted) return;
		this.endJob(job, end);
	}

	/** Renders and waits for the duration; an unreadable input ends the job at once. */
	private async process(job: Job, ms: number, expedited: AbortSignal): Promise<ScriptedStatus> {
		const rendering = this.worker.run(job);
		const time = this.delay(ms, expedited);
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

	private endJob(job: Job, { status, code = 0, error = '' }: ScriptedStatus): void {
		const end: JobEnd = { status, code, error, time: this.clock.now() };
		job.end = end;
		job.phase = 'ended';
		// Cancels its pending timers.
		this.running.get(job.id)?.expedite();
		this.running.delete(job.id);
		this.bills.refund(job.id, job.script.refundShare ?? this.settings.refundShares[status] ?? 0);
		for (const resolve of this.endListeners.get(job.id) ?? []) resolve();
		this.endListeners.delete(job.id);
		if (!job.deleted) this.events.ended(job);
		this.startNext();
		this.events.changed();
	}

	private delay(ms: number, expedited: AbortSignal): Promise<void> {
		if (ms <= 0 || expedited.aborted) return Promise.resolve();
		return new Promise((resolve) => {
			const stop = Number.isFinite(ms) ? this.clock.setTimer(resolve, ms) : () => undefined;
			expedited.addEventListener('abort', () => {
				stop();
				resolve();
			});
		});
	}
}
