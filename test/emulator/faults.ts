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
 * - `delay`: handles the request this many milliseconds later.
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
	| { delay: number };

/** Serializable conditions; all given ones must hold. */
export interface RequestMatch {
	/** Substring of path and query. */
	url?: string;
	/** Substring of the serialized JSON body. */
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

export interface FaultHandle {
	/** Number of requests affected so far. */
	readonly injected: number;
	remove(): void;
}

interface ActiveFault {
	rule: FaultRule;
	skipped: number;
	injected: number;
}

/** The active fault rules. The first rule that matches a request applies to it, no other. */
export class FaultInjector {
	private active: ActiveFault[] = [];

	add(rule: FaultRule): FaultHandle {
		const fault: ActiveFault = { rule, skipped: 0, injected: 0 };
		this.active.push(fault);
		return {
			get injected() {
				return fault.injected;
			},
			remove: () => {
				this.active = this.active.filter((other) => other !== fault);
			},
		};
	}

	clear(): void {
		this.active = [];
	}

	/** Number of rules that can still apply. */
	get pending(): number {
		return this.active.filter((fault) => !isSpent(fault)).length;
	}

	/** Rules that have affected no request. */
	get unused(): FaultRule[] {
		return this.active.filter(({ injected }) => injected === 0).map(({ rule }) => rule);
	}

	/** Returns the fault for this request and counts it as injected. */
	take(request: RequestRecord): FaultAction | undefined {
		if (request.route === 'control') return undefined;
		for (const fault of this.active) {
			const { rule } = fault;
			if (isSpent(fault)) continue;
			if (rule.on !== '*' && rule.on !== request.route) continue;
			if (rule.match && !matches(rule.match, request)) continue;
			if (rule.when && !rule.when(request)) continue;
			if (fault.skipped < (rule.skip ?? 0)) {
				fault.skipped += 1;
				continue;
			}
			fault.injected += 1;
			return rule.do;
		}
		return undefined;
	}
}

function isSpent({ rule, injected }: ActiveFault): boolean {
	const times = rule.times ?? 1;
	return times !== 'always' && injected >= times;
}

export function matches(match: RequestMatch, request: { url: string; body?: unknown }): boolean {
	if (match.url !== undefined && !request.url.includes(match.url)) return false;
	const text = JSON.stringify(request.body) ?? '';
	return match.body === undefined || text.includes(match.body);
}

export function faultName(action: FaultAction): string {
	return typeof action === 'string' ? action : (Object.keys(action)[0] ?? 'unknown');
}
