import type { Ledger } from './billing';
import type { Clock } from './clock';
import type { FaultBook } from './faults';
import type { JobBoard } from './job-board';
import type { ScriptBook } from './job-script';
import type { Settings } from './options';
import type { RateLimit } from './rate-limit';
import type { OriginName, RequestLog } from './request-log';
import type { UploadStore } from './uploads';
import type { WebhookSender } from './webhooks';

/** Everything that the routes share. */
export interface World {
	settings: Settings;
	clock: Clock;
	/** Base URLs of the three origins, without a slash at the end. */
	origins: Record<OriginName, string>;
	requests: RequestLog;
	faults: FaultBook;
	scripts: ScriptBook;
	uploads: UploadStore;
	jobs: JobBoard;
	ledger: Ledger;
	rateLimit: RateLimit;
	webhooks: WebhookSender;
	/** See Worker. */
	workerToken: string;
	log(line: string): void;
}
