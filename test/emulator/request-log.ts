import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UploadedFile } from './uploads';

export type OriginName = 'api' | 'storage' | 'cdn' | 'web';

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
	| 'download'
	| 'web'
	| 'media'
	| 'control'
	| 'unknown';

/** One request and its outcome. */
export interface RequestRecord {
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
	/** The file that it brought; no more than its size when a fault discarded it. */
	upload?: Partial<UploadedFile> & { bytes: number };
	/** Arrival, milliseconds since the epoch. */
	time: number;
	/** End of the exchange; absent while it is open. */
	endTime?: number;
	/** Number of requests to its route that were open when it arrived, with itself. */
	open: number;
	/** HTTP status of the response; absent when none was sent. */
	status?: number;
	/** Whether the connection closed before the response was complete. */
	aborted: boolean;
	/** Name of the injected fault. */
	fault?: string;
	/** Whether the fault keeps the client waiting by now, with no answer or with drips of one. */
	isSilent?: boolean;
}

/** Records all client requests, without control requests. */
export class RequestLog {
	records: RequestRecord[] = [];
	private readonly open = new Set<RequestRecord>();

	begin(
		origin: OriginName,
		route: RouteName,
		raw: IncomingMessage,
		response: ServerResponse,
	): RequestRecord {
		const url = new URL(raw.url ?? '/', 'http://localhost');
		const record: RequestRecord = {
			route,
			origin,
			method: raw.method ?? 'GET',
			path: url.pathname,
			url: raw.url ?? '/',
			query: Object.fromEntries(url.searchParams),
			headers: flatHeaders(raw),
			time: Date.now(),
			open: 1 + [...this.open].filter((other) => other.route === route).length,
			aborted: false,
		};
		if (route === 'control') return record;
		this.records.push(record);
		this.open.add(record);
		response.once('close', () => {
			this.open.delete(record);
			record.endTime = Date.now();
			record.aborted = !response.writableFinished;
			if (response.headersSent) record.status = response.statusCode;
		});
		return record;
	}
}

function flatHeaders({ headers }: IncomingMessage): Record<string, string> {
	return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}
