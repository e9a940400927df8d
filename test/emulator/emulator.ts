import type { FastifyInstance } from 'fastify';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireKey } from './auth';
import { Bills, type BillingSummary } from './bills';
import { Changes } from './changes';
import { offsetClock } from './clock';
import { FaultInjector } from './faults';
import { FfmpegPool } from './ffmpeg';
import { InputReader } from './input-reader';
import type { Job } from './job';
import { JobScheduler } from './job-scheduler';
import { JobScripts, type JobScript, type WebhookScript } from './job-script';
import {
	applySettings,
	clockFrom,
	settingsFrom,
	type EmulatorOptions,
	type Settings,
} from './options';
import { predictionBody } from './prediction';
import { RateLimit } from './rate-limit';
import { RequestLog, type OriginName, type RequestRecord, type RouteName } from './request-log';
import { accountRoutes } from './routes/account';
import { cdnRoutes } from './routes/cdn';
import { controlRoutes } from './routes/control';
import { predictionRoutes } from './routes/predictions';
import { storageRoutes } from './routes/storage';
import { uploadRoutes } from './routes/uploads';
import { addJob, type SeededJob } from './seed';
import { startOrigin } from './server';
import { describeJob, describeUpload, type PredictionRecord, type UploadRecord } from './state';
import type { EmulatorState } from './state';
import { UploadStore, type Ticket } from './uploads';
import { WebhookSender, type WebhookDelivery, type WebhookOverrides } from './webhooks';
import { Worker } from './worker';
import type { EmulatorContext } from './context';

export type { EmulatorOptions, Settings } from './options';
export type { FaultAction, FaultRule } from './faults';
export type { JobScript } from './job-script';
export type { SeededJob } from './seed';
export type { RequestRecord, RouteName } from './request-log';

/** A local WaveSpeed API: its recorded traffic, its state and its fault injection. */
export interface Emulator {
	/** Base URL of the API, without a slash at the end. */
	readonly baseUrl: string;
	readonly origins: Readonly<Record<OriginName, string>>;
	readonly settings: Readonly<Settings>;
	setOptions(patch: Partial<Settings>): void;
	readonly faults: FaultInjector;
	scriptJob(script: JobScript): void;
	/** Adds a job without a submission, as made by another client; resolves with its ID. */
	addJob(job?: SeededJob): Promise<string>;
	/** All requests so far, in order of arrival. */
	readonly requests: readonly RequestRecord[];
	requestsTo(...routes: RouteName[]): RequestRecord[];
	/** Maximum number of simultaneous requests to a route. */
	peak(route: RouteName): number;
	/** All predictions, oldest first. */
	predictions(): PredictionRecord[];
	uploads(): UploadRecord[];
	tickets(): Ticket[];
	deliveries(): readonly WebhookDelivery[];
	billing(): BillingSummary;
	/** Ends a job now; resolves when it has ended. */
	finishJob(id: string): Promise<void>;
	finishAll(): Promise<void>;
	/** Resolves when the job has ended in any way. */
	whenEnded(id: string): Promise<void>;
	/** Resolves with the last attempt. */
	deliverWebhook(id: string, overrides?: WebhookOverrides): Promise<WebhookDelivery | undefined>;
	/** Resolves as soon as the condition holds; rejects after `timeoutMs` (default 10 s). */
	until(condition: () => boolean, timeoutMs?: number): Promise<void>;
	state(): EmulatorState;
	/** Clears requests, jobs, uploads, bills, faults and scripts. Settings stay. */
	reset(): Promise<void>;
	close(): Promise<void>;
}

export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
	const settings = settingsFrom(options);
	const clock = clockFrom(options);
	const log = options.log ?? (() => undefined);
	const folder = await mkdtemp(join(tmpdir(), 'wavespeed-emulator-'));
	const changes = new Changes();
	const origins: Record<OriginName, string> = { api: '', storage: '', cdn: '' };
	const changed = () => changes.notify();
	const serverClock = offsetClock(clock, () => settings.clockOffsetSeconds * 1000);
	const uploads = new UploadStore(settings, serverClock, folder, () => origins.storage);
	const ffmpeg = new FfmpegPool();
	const reader = new InputReader(settings, uploads, ffmpeg, folder);
	const worker = new Worker(settings, reader, ffmpeg, folder);
	const bills = new Bills(serverClock);
	const webhooks = new WebhookSender(settings, serverClock, changed);
	const events = {
		processing: (job: Job) => sendWebhook(job, true),
		ended: (job: Job) => {
			log(`job ${job.id} ${job.end?.status ?? ''} ${job.end?.error ?? ''}`.trimEnd());
			sendWebhook(job, false);
		},
		changed,
	};
	const jobs = new JobScheduler(settings, serverClock, worker, bills, events, () => origins.cdn);
	const context: EmulatorContext = {
		settings,
		clock,
		serverClock,
		origins,
		requests: new RequestLog(clock, changed),
		faults: new FaultInjector(),
		scripts: new JobScripts(),
		uploads,
		jobs,
		bills,
		submitLimit: new RateLimit('requestsPerMinute', settings, clock),
		ticketLimit: new RateLimit('ticketsPerMinute', settings, clock),
		webhooks,
		reader,
		log,
	};

	function webhookBody(job: Job): Record<string, unknown> {
		const view = { api: origins.api, settings, executionTime: true, inputsAs: 'input' as const };
		return predictionBody(job, view);
	}

	function sendWebhook(job: Job, early: boolean): void {
		const { webhook: scripted = {} } = job.script;
		const { webhook: url } = job.submission;
		if (url === undefined || scripted === 'none') return;
		for (const script of [scripted].flat()) {
			if ((script.early ?? false) === early) void sendScripted(job, url, script);
		}
	}

	async function sendScripted(job: Job, url: string, script: WebhookScript): Promise<void> {
		await webhooks.wait((script.delaySeconds ?? 0) * 1000);
		for (let time = 0; time < (script.times ?? 1); time += 1) {
			await webhooks.deliver(url, webhookBody(job), script);
		}
	}

	const servers: FastifyInstance[] = [];
	async function close(): Promise<void> {
		jobs.clear();
		await Promise.all([...servers.map((app) => app.close()), webhooks.close(), worker.close()]);
		changes.close();
		// An aborted upload may still be closing its file.
		await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
	}

	const emulator: Emulator = {
		get baseUrl() {
			return origins.api;
		},
		origins,
		settings,
		setOptions: (patch) => applySettings(settings, patch),
		faults: context.faults,
		scriptJob: (script) => context.scripts.add(script),
		addJob: async (job = {}) => (await addJob(context, job)).id,
		get requests() {
			return context.requests.records;
		},
		requestsTo: (...routes) =>
			context.requests.records.filter((request) => routes.includes(request.route)),
		peak: (route) => context.requests.peak(route),
		predictions: () => jobs.all().map(describeJob),
		uploads: () => uploads.list().map(describeUpload),
		tickets: () => uploads.listTickets(),
		deliveries: () => webhooks.deliveries,
		billing: () => bills.summary(emulator.requestsTo('submit').length),
		finishJob: async (id) => void (await jobs.finish(id)),
		finishAll: () => jobs.finishAll(),
		whenEnded: (id) => jobs.whenEnded(id),
		async deliverWebhook(id, overrides = {}) {
			const job = jobs.find(id);
			const url = overrides.url ?? job?.submission.webhook;
			if (!job || url === undefined) throw new Error(`Job ${id} has no webhook address`);
			return await webhooks.deliver(url, webhookBody(job), overrides);
		},
		until: (condition, timeoutMs) => changes.until(condition, timeoutMs),
		state: () => ({
			settings: { ...settings },
			origins: { ...origins },
			requests: context.requests.records,
			peaks: context.requests.allPeaks(),
			predictions: emulator.predictions(),
			uploads: emulator.uploads(),
			tickets: emulator.tickets(),
			deliveries: webhooks.deliveries,
			billing: emulator.billing(),
			pendingFaults: context.faults.pending,
		}),
		async reset() {
			jobs.clear();
			for (const part of [context.faults, context.scripts, context.requests, bills]) part.clear();
			context.submitLimit.clear();
			context.ticketLimit.clear();
			webhooks.clear();
			await uploads.clear();
			changed();
		},
		close,
	};

	const { ports = {} } = options;
	try {
		const open = async (
			origin: OriginName,
			routes: (app: FastifyInstance) => Promise<void>,
		): Promise<void> => {
			servers.push(await startOrigin(context, origin, ports[origin] ?? 0, routes));
		};
		await open('storage', (app) => storageRoutes(app, context));
		await open('cdn', (app) => cdnRoutes(app, context));
		await open('api', async (app) => {
			requireKey(app, settings);
			await uploadRoutes(app, context);
			accountRoutes(app, context);
			predictionRoutes(app, context);
			controlRoutes(app, () => emulator);
		});
	} catch (error) {
		await close();
		throw error;
	}
	log(`listening on ${origins.api} (api), ${origins.storage} (storage), ${origins.cdn} (cdn)`);
	return emulator;
}
