import type { BillingSummary } from './bills';
import type { InputRead, Job, JobInputs } from './job';
import { realStatus } from './job';
import type { Settings } from './options';
import type { OriginName, RequestRecord } from './request-log';
import type { Ticket, UploadedFile } from './uploads';
import type { WebhookDelivery } from './webhooks';

/** A job as tests see it: its real state, whatever its script reports. */
export interface PredictionRecord {
	id: string;
	model: string;
	/** Account of the API key. */
	account: string;
	/** Whether it was added without a submission (`addJob`, `historyGrowth`). */
	seeded: boolean;
	status: string;
	code: number;
	error: string;
	inputs: JobInputs;
	/** The complete submitted body. */
	body: Record<string, unknown>;
	/** Body keys that were dropped silently. */
	ignoredKeys: string[];
	webhook?: string;
	videoUrl: string;
	/** Milliseconds since the epoch, emulator clock. */
	createdAt: number;
	startedAt?: number;
	endedAt?: number;
	/** Number of polls. */
	polls: number;
	reads: InputRead[];
	deleted: boolean;
}

export type UploadRecord = Omit<UploadedFile, 'head'>;

export interface EmulatorState {
	settings: Settings;
	origins: Record<OriginName, string>;
	requests: RequestRecord[];
	/** Maximum number of simultaneous requests by route. */
	peaks: Record<string, number>;
	predictions: PredictionRecord[];
	uploads: UploadRecord[];
	tickets: Ticket[];
	deliveries: WebhookDelivery[];
	billing: BillingSummary;
	/** Number of fault rules that can still apply. */
	pendingFaults: number;
}

export function describeJob(job: Job): PredictionRecord {
	const { status, code = 0, error = '' } = realStatus(job);
	const { webhook } = job.submission;
	return {
		id: job.id,
		model: job.submission.model,
		account: job.account,
		seeded: job.seeded,
		status,
		code,
		error,
		inputs: job.inputs,
		body: job.submission.body,
		ignoredKeys: job.ignoredKeys,
		...(webhook === undefined ? {} : { webhook }),
		videoUrl: job.videoUrl,
		createdAt: job.createdAt,
		...(job.startedAt === undefined ? {} : { startedAt: job.startedAt }),
		...(job.end === undefined ? {} : { endedAt: job.end.time }),
		polls: job.polls,
		reads: job.reads,
		deleted: job.deleted,
	};
}

export function describeUpload(file: UploadedFile): UploadRecord {
	const { head: _head, ...rest } = file;
	return rest;
}
