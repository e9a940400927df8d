import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from './clock';

export type OriginName = 'api' | 'storage' | 'cdn';

export type RouteName =
	| 'submit'
	| 'result'
	| 'history'
	| 'delete'
	| 'balance'
	| 'models'
	| 'price'
	| 'ticket'
	| 'oneStep'
	| 'webhookSecret'
	| 'billings'
	| 'usage'
	| 'put'
	| 'uploadedFile'
	| 'download'
	| 'control'
	| 'unknown';

/** What arrived as an upload; the bytes themselves are not kept here. */
export interface UploadSummary {
	bytes: number;
	/** Hex; absent when the body was thrown away by a fault or did not arrive completely. */
	sha256?: string;
	fileName?: string;
	contentType?: string;
}

/** One request as it arrived, and what became of it. */
export interface RequestRecord {
	/** Counts from 1 in order of arrival, over all origins. */
	number: number;
	route: RouteName;
	origin: OriginName;
	method: string;
	/** Without the query. */
	path: string;
	/** Path and query as they came over the wire. */
	url: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** The parsed JSON body, if there was one. */
	body?: unknown;
	upload?: UploadSummary;
	/** Arrival, milliseconds since the epoch, emulator clock. */
	time: number;
	/** End of the exchange, same clock; absent while it goes on. */
	endTime?: number;
	/** HTTP status of the answer; absent when none was begun. */
	status?: number;
	/** True when the connection ended before the answer was complete. */
	aborted: boolean;
	/** The fault that was applied, by its kind. */
	fault?: string;
}

/** Remembers every request of the client; the emulator's own control requests are left out. */
export class RequestLog {
	records: RequestRecord[] = [];
	private count = 0;
	private readonly open = new Map<RouteName, number>();
	private readonly peaks = new Map<RouteName, number>();

	constructor(
		private readonly clock: Clock,
		private readonly changed: () => void,
	) {}

	begin(
		origin: OriginName,
		route: RouteName,
		raw: IncomingMessage,
		answer: ServerResponse,
	): RequestRecord {
		const url = new URL(raw.url ?? '/', 'http://localhost');
		const record: RequestRecord = {
			number: ++this.count,
			route,
			origin,
			method: raw.method ?? 'GET',
			path: url.pathname,
			url: raw.url ?? '/',
			query: Object.fromEntries(url.searchParams),
			headers: flatHeaders(raw),
			time: this.clock.now(),
			aborted: false,
		};
		if (route === 'control') return record;
		this.records.push(record);
		const open = (this.open.get(route) ?? 0) + 1;
		this.open.set(route, open);
		this.peaks.set(route, Math.max(open, this.peaks.get(route) ?? 0));
		answer.once('close', () => {
			this.open.set(route, (this.open.get(route) ?? 1) - 1);
			record.endTime = this.clock.now();
			record.aborted = !answer.writableFinished;
			if (answer.headersSent) record.status = answer.statusCode;
			this.changed();
		});
		this.changed();
		return record;
	}

	/** Largest number of requests of one route that were open at the same time. */
	peak(route: RouteName): number {
		return this.peaks.get(route) ?? 0;
	}

	allPeaks(): Record<string, number> {
		return Object.fromEntries(this.peaks);
	}

	/** Requests that are still open keep counting, so peaks after a reset stay true. */
	clear(): void {
		this.records = [];
		this.count = 0;
		this.peaks.clear();
	}
}

function flatHeaders(raw: IncomingMessage): Record<string, string> {
	const flat: Record<string, string> = {};
	for (const [name, value] of Object.entries(raw.headers)) {
		if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return flat;
}
