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
	| 'put'
	| 'uploadedFile'
	| 'download'
	| 'control'
	| 'unknown';

/** An upload's properties; its bytes are not kept here. */
export interface UploadSummary {
	bytes: number;
	/** Hex; absent when a fault discarded the body or it was incomplete. */
	sha256?: string;
	fileName?: string;
	contentType?: string;
}

/** One request and its outcome. */
export interface RequestRecord {
	/** Counts from 1 in order of arrival, over all origins. */
	number: number;
	route: RouteName;
	origin: OriginName;
	method: string;
	/** Without the query. */
	path: string;
	/** Raw path and query. */
	url: string;
	query: Record<string, string>;
	headers: Record<string, string>;
	/** The parsed JSON body, if there was one. */
	body?: unknown;
	upload?: UploadSummary;
	/** Arrival, milliseconds since the epoch, emulator clock. */
	time: number;
	/** End of the exchange, same clock; absent while it is open. */
	endTime?: number;
	/** HTTP status of the response; absent when none was sent. */
	status?: number;
	/** Whether the connection closed before the response was complete. */
	aborted: boolean;
	/** Name of the injected fault. */
	fault?: string;
}

/** Records all client requests, without control requests. */
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
		response: ServerResponse,
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
		response.once('close', () => {
			this.open.set(route, (this.open.get(route) ?? 1) - 1);
			record.endTime = this.clock.now();
			record.aborted = !response.writableFinished;
			if (response.headersSent) record.status = response.statusCode;
			this.changed();
		});
		this.changed();
		return record;
	}

	/** Maximum number of simultaneous requests to a route. */
	peak(route: RouteName): number {
		return this.peaks.get(route) ?? 0;
	}

	allPeaks(): Record<string, number> {
		return Object.fromEntries(this.peaks);
	}

	/** Open requests keep counting, so that peaks after a reset are right. */
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
