import type { Bills } from './bills';
import type { Clock } from './clock';
import type { FaultInjector } from './faults';
import type { InputReader } from './input-reader';
import type { JobScheduler } from './job-scheduler';
import type { JobScripts } from './job-script';
import type { Settings } from './options';
import type { RateLimit } from './rate-limit';
import type { OriginName, RequestLog } from './request-log';
import type { UploadStore } from './uploads';
import type { WebhookSender } from './webhooks';

/** What all routes share. */
export interface EmulatorContext {
	settings: Settings;
	/** Real time: request log, limits, delays. */
	clock: Clock;
	/** The server's own time, see `clockOffsetSeconds`: everything that it reports. */
	serverClock: Clock;
	/** Base URLs of the three origins, without a slash at the end. */
	origins: Record<OriginName, string>;
	requests: RequestLog;
	faults: FaultInjector;
	scripts: JobScripts;
	uploads: UploadStore;
	jobs: JobScheduler;
	bills: Bills;
	submitLimit: RateLimit;
	ticketLimit: RateLimit;
	webhooks: WebhookSender;
	reader: InputReader;
	log(line: string): void;
}
