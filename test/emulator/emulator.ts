import type { FastifyInstance } from 'fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../testbed/lib/until';
import { requireKey } from './auth';
import { Bills, type BillingSummary } from './bills';
import type { FaultRule } from './faults';
import { FfmpegPool } from './ffmpeg';
import { InputReader } from './input-reader';
import type { Job } from './job';
import { JobScheduler } from './job-scheduler';
import type { JobScript } from './job-script';
import { applySettings, defaultSettings, type EmulatorOptions, type Settings } from './options';
import { predictionBody } from './prediction';
import { RateLimit } from './rate-limit';
import { RequestLog, type OriginName, type RequestRecord, type RouteName } from './request-log';
import { accountRoutes } from './routes/account';
import { cdnRoutes } from './routes/cdn';
import { controlRoutes } from './routes/control';
import { predictionRoutes } from './routes/predictions';
import { storageRoutes } from './routes/storage';
import { uploadRoutes } from './routes/uploads';
import { webRoutes, type HostedFile } from './routes/web';
import { Rules } from './rules';
import { seedJob, type SeededJob } from './seed';
import { startOrigin } from './server';
import { UploadStore, type Ticket, type UploadedFile } from './uploads';
import { WebhookSender, type WebhookDelivery, type WebhookOverrides } from './webhooks';
import { Worker } from './worker';

export type { EmulatorOptions, Settings } from './options';
export type { FaultAction, FaultRule } from './faults';
export type { JobScript } from './job-script';
export type { SeededJob } from './seed';
export type { RequestRecord, RouteName } from './request-log';

/** A local WaveSpeed API: its recorded traffic, its state and its fault injection. */
export class Emulator {
	readonly settings: Readonly<Settings> = { ...defaultSettings };
	/** Base URLs, without a slash at the end. */
	readonly origins: Record<OriginName, string> = { api: '', storage: '', cdn: '', web: '' };
	readonly faults = new Rules<FaultRule>();
	/** For the routes, as are the following ones. */
	readonly scripts = new Rules<JobScript>();
	readonly log = new RequestLog();
	readonly bills = new Bills(this.settings);
	readonly submitLimit = new RateLimit(this.settings);
	readonly hosted = new Map<string, HostedFile>();
	readonly files: UploadStore;
	readonly reader: InputReader;
	readonly jobs: JobScheduler;
	readonly say: (line: string) => void;
	private readonly worker: Worker;
	private readonly webhooks = new WebhookSender(this.settings);
	private readonly servers: FastifyInstance[] = [];

	/** Use {@link startEmulator}. */
	constructor(
		options: EmulatorOptions,
		private readonly folder: string,
	) {
		const { settings, origins } = this;
		applySettings(settings, options);
		this.say = options.log ?? (() => undefined);
		const ffmpeg = new FfmpegPool();
		this.files = new UploadStore(settings, folder, origins);
		this.reader = new InputReader(settings, this.files, ffmpeg, folder);
		this.worker = new Worker(settings, this.reader, ffmpeg, folder);
		const ended = (job: Job) => {
			this.say(`job ${job.id} ${job.status} ${job.error ?? ''}`.trimEnd());
			void this.sendWebhook(job);
		};
		this.jobs = new JobScheduler(settings, this.worker, this.bills, () => origins.cdn, ended);
	}

	async open(port: number): Promise<void> {
		const routes = { storage: storageRoutes, cdn: cdnRoutes, web: webRoutes, api: apiRoutes };
		for (const origin of ['storage', 'cdn', 'web', 'api'] as const) {
			const originPort = origin === 'api' ? port : 0;
			this.servers.push(await startOrigin(this, origin, originPort, routes[origin]));
		}
		const { api, storage, cdn } = this.origins;
		this.say(`listening on ${api} (api), ${storage} (storage), ${cdn} (cdn)`);
	}

	async close(): Promise<void> {
		const { jobs, webhooks, worker } = this;
		const servers = this.servers.map(async (app) => await app.close());
		await Promise.all([jobs.clear(), ...servers, webhooks.close(), worker.close()]);
		// An aborted upload may still be closing its file.
		await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
	}

	/** Base URL of the API, without a slash at the end. */
	get baseUrl(): string {
		return this.origins.api;
	}

	setOptions(patch: Partial<Settings>): void {
		applySettings(this.settings, patch);
	}

	scriptJob(script: JobScript): void {
		this.scripts.add(script);
	}

	/** Puts a file on the web, or another one in its place; gives its address. Stays until the end. */
	host(name: string, file: HostedFile): string {
		const url = new URL(`${this.origins.web}/${name}`);
		this.hosted.set(url.pathname, file);
		return url.href;
	}

	/** Adds a job without a submission, as made by another client; resolves with its ID. */
	async addJob(job: SeededJob = {}): Promise<string> {
		return seedJob(this, job);
	}

	/** All requests so far, in order of arrival. */
	get requests(): readonly RequestRecord[] {
		return this.log.records;
	}

	requestsTo(...routes: RouteName[]): RequestRecord[] {
		return this.log.records.filter(({ route }) => routes.includes(route));
	}

	/** Maximum number of simultaneous requests to a route. */
	peak(route: RouteName): number {
		return Math.max(0, ...this.requestsTo(route).map(({ open }) => open));
	}

	/** All predictions, oldest first. */
	predictions(): Job[] {
		return this.jobs.all().map((job) => ({ ...job }));
	}

	uploads(): UploadedFile[] {
		return this.files.list();
	}

	tickets(): Ticket[] {
		return this.files.listTickets();
	}

	deliveries(): readonly WebhookDelivery[] {
		return this.webhooks.deliveries;
	}

	billing(): BillingSummary {
		return this.bills.summary(this.requestsTo('submit').length);
	}

	/** Ends a job now; resolves when it has ended. */
	async finishJob(id: string): Promise<void> {
		await this.jobs.finish(id);
	}

	async finishAll(): Promise<void> {
		await this.jobs.finishAll();
	}

	/** Resolves when the job has ended in any way. */
	async whenEnded(id: string): Promise<void> {
		await this.jobs.whenEnded(id);
	}

	/** Resolves with the last attempt. */
	async deliverWebhook(
		id: string,
		overrides: WebhookOverrides = {},
	): Promise<WebhookDelivery | undefined> {
		const job = this.jobs.find(id);
		const url = overrides.url ?? job?.webhook;
		if (!job || url === undefined) throw new Error(`Job ${id} has no webhook address`);
		return await this.webhooks.deliver(url, this.webhookBody(job), overrides);
	}

	/** Resolves as soon as the condition holds; rejects after `timeoutMs`, which is for what never happens. */
	async until(condition: () => boolean, timeoutMs = 50_000): Promise<void> {
		await until(condition, { what: String(condition), timeoutMs, everyMs: 5 });
	}

	state() {
		return {
			settings: this.settings,
			origins: this.origins,
			requests: this.log.records,
			predictions: this.predictions(),
			uploads: this.uploads(),
			deliveries: this.webhooks.deliveries,
			billing: this.billing(),
		};
	}

	/** Clears requests, jobs, uploads, bills, faults and scripts. Settings stay. */
	async reset(): Promise<void> {
		// What still renders may do so: nobody asks for it any more.
		void this.jobs.clear();
		const { faults, scripts, bills, submitLimit } = this;
		for (const part of [faults, scripts, bills, submitLimit]) part.clear();
		this.log.records = [];
		this.webhooks.deliveries = [];
		await this.files.clear();
	}

	private async sendWebhook(job: Job): Promise<void> {
		const { webhook = { times: 1 } } = job.script;
		if (job.webhook === undefined || webhook === 'none') return;
		for (let time = 0; time < webhook.times; time += 1) {
			await this.webhooks.deliver(job.webhook, this.webhookBody(job));
		}
	}

	private webhookBody(job: Job): Record<string, unknown> {
		return predictionBody(job, this, { executionTime: true, inputsAs: 'input' });
	}
}

async function apiRoutes(app: FastifyInstance, emulator: Emulator): Promise<void> {
	requireKey(app, emulator.settings);
	await uploadRoutes(app, emulator);
	for (const routes of [accountRoutes, predictionRoutes, controlRoutes]) routes(app, emulator);
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const folder = await mkdtemp(join(tmpdir(), 'wavespeed-emulator-'));
	const emulator = new Emulator(options, folder);
	try {
		await emulator.open(options.port ?? 0);
	} catch (error) {
		await emulator.close();
		throw error;
	}
	return emulator;
}
