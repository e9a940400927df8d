import type { RequestRecord, RouteName } from './request-log';

/** A response defined by the test. */
export interface CannedResponse {
	status: number;
	headers?: Record<string, string>;
	/** An object is sent as JSON, a string as it is (HTML when it starts with `<`). */
	body?: string | object;
}

/**
 * What goes wrong.
 * - `respond`: sends this response; the request has no effect.
 * - `respondAfterHandling`: the request takes effect, then this response is sent.
 * - `patchData`: sends the real response with these fields of its `data` replaced (`null`
 *   removes a field); a dot addresses a nested field, as in `upload.method`.
 * - `rewrite`: sends this JSON instead of the real response; in it, `{data}` stands for the real
 *   `data` and `{id}` for the ID, as in `{ code: 0, data: { id: '{id}' } }`.
 * - `reset` / `resetAfterHandling`: reads the body (and handles it), then resets the connection
 *   without a response.
 * - `stall` / `stallAfterHandling`: the same, but the connection stays open without a response.
 * - `cutBody`: announces the full length, sends half of it, then breaks the connection.
 * - `slow`: sends the response body at this rate.
 * - `slowRead`: reads an upload's body at this rate.
 * - `delay`: handles the request when the promise resolves.
 */
export type FaultAction =
	| { respond: CannedResponse }
	| { respondAfterHandling: CannedResponse }
	| { patchData: Record<string, unknown> }
	| { rewrite: unknown }
	| 'reset'
	| 'resetAfterHandling'
	| 'stall'
	| 'stallAfterHandling'
	| 'cutBody'
	| { slow: { bytesPerSecond: number } }
	| { slowRead: { bytesPerSecond: number } }
	| { delay: Promise<void> };

/** Serializable conditions; all given ones must hold. */
export interface RequestMatch {
	/** Substring of path and query. */
	url?: string;
	/** Substring of the serialized JSON body, with the names of uploaded files behind their addresses. */
	body?: string;
}

export interface FaultRule {
	on: RouteName | '*';
	/** Number of matching requests that it affects. Default 1. */
	times?: number | 'always';
	/** Number of matching requests that pass first. Default 0. */
	skip?: number;
	match?: RequestMatch;
	when?(request: RequestRecord): boolean;
	do: FaultAction;
}

/**
 * Whether a rule is about this request.
 *
 * @param body what the request is matched by
 */
export function concerns(
	{ on, match, when }: FaultRule,
	request: RequestRecord,
	body: string,
): boolean {
	if (on !== '*' && on !== request.route) return false;
	if (match?.url !== undefined && !request.url.includes(match.url)) return false;
	if (match?.body !== undefined && !body.includes(match.body)) return false;
	return when?.(request) ?? true;
}

export function faultName(action: FaultAction): string {
	return typeof action === 'string' ? action : (Object.keys(action)[0] ?? 'unknown');
}
