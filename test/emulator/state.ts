import type { BillingSummary } from './bills';
import { realStatus, type Job, type JobInputs } from './job';
import type { Settings } from './options';
import type { OriginName, RequestRecord } from './request-log';
import type { UploadedFile } from './uploads';
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
	inputs: JobInputs;
	/** The complete submitted body. */
	body: Record<string, unknown>;
	webhook?: string;
	videoUrl: string;
	/** Milliseconds since the epoch, server time. */
	createdAt: number;
	endedAt?: number;
	/** Number of polls. */
	polls: number;
	deleted: boolean;
}

export interface EmulatorState {
	settings: Settings;
	origins: Record<OriginName, string>;
	requests: RequestRecord[];
	predictions: PredictionRecord[];
	uploads: UploadedFile[];
	deliveries: WebhookDelivery[];
	billing: BillingSummary;
}

export function describeJob(job: Job): PredictionRecord {
	const { id, account, seeded, inputs, videoUrl, createdAt, polls, deleted } = job;
	const { model, body, webhook } = job.submission;
	return {
		...{ id, model, account, seeded, inputs, body, videoUrl, createdAt, polls, deleted },
		status: realStatus(job).status,
		...(webhook === undefined ? {} : { webhook }),
		...(job.end && { endedAt: job.end.time }),
	};
}
