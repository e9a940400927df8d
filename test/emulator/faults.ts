import type { RequestRecord, RouteName } from './request-log';

/** An answer written by the test instead of the emulator. */
export interface CannedAnswer {
	status: number;
	headers?: Record<string, string>;
	/** An object is sent as JSON, a string as it is (HTML when it starts with `<`). */
	body?: string | object;
}

/**
 * What goes wrong.
 * - `respond`: this answer, the request has no effect.
 * - `respondAfterHandling`: the request takes effect, then this answer.
 * - `patchData`: the true answer, with these fields of its `data` replaced (or, with `null`,
 *   removed); a dot leads into an object, as in `upload.method`.
 * - `reset` / `resetAfterHandling`: the body is read (and takes effect), then the connection is
 *   reset without an answer.
 * - `stall` / `stallAfterHandling`: the same, without an answer and without an end.
 * - `cutBody`: announces the full length, sends half of it, breaks the connection.
 * - `slow`: the answer's body at this many bytes per second.
 * - `slowRead`: an upload's body is taken at this many bytes per second.
 * - `delay`: the request is handled this many milliseconds later.
 */
export type FaultAction =
	| { respond: CannedAnswer }
	| { respondAfterHandling: CannedAnswer }
	| { patchData: Record<string, unknown> }
	| 'reset'
	| 'resetAfterHandling'
	| 'stall'
	| 'stallAfterHandling'
	| 'cutBody'
	| { slow: { bytesPerSecond: number } }
	| { slowRead: { bytesPerSecond: number } }
	| { delay: number };

/** Conditions that can be written as JSON; all given ones must hold. */
export interface RequestMatch {
	/** Text that the path and query contain. */
	url?: string;
	/** Text that the JSON body, written as text, contains. */
	body?: string;
}

export interface FaultRule {
	on: RouteName | '*';
	/** How many matching requests it strikes. Default 1. */
	times?: number | 'always';
	/** How many matching requests pass first. Default 0. */
	skip?: number;
	match?: RequestMatch;
	when?(request: RequestRecord): boolean;
	do: FaultAction;
}

export interface FaultHandle {
	/** How often it has struck. */
	readonly struck: number;
	remove(): void;
}

interface ActiveFault {
	rule: FaultRule;
	skipped: number;
	struck: number;
}

/** The faults in force. The first rule that fits a request strikes; others wait for the next. */
export class FaultBook {
	private active: ActiveFault[] = [];

	add(rule: FaultRule): FaultHandle {
		const fault: ActiveFault = { rule, skipped: 0, struck: 0 };
		this.active.push(fault);
		return {
			get struck() {
				return fault.struck;
			},
			remove: () => {
				this.active = this.active.filter((other) => other !== fault);
			},
		};
	}

	clear(): void {
		this.active = [];
	}

	/** Rules that can still strike. */
	get pending(): number {
		return this.active.filter((fault) => !isSpent(fault)).length;
	}

	/** Finds and uses up the fault for this request. */
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
			fault.struck += 1;
			return rule.do;
		}
		return undefined;
	}
}

function isSpent({ rule, struck }: ActiveFault): boolean {
	const times = rule.times ?? 1;
	return times !== 'always' && struck >= times;
}

export function matches(match: RequestMatch, request: { url: string; body?: unknown }): boolean {
	if (match.url !== undefined && !request.url.includes(match.url)) return false;
	const text = JSON.stringify(request.body) ?? '';
	return match.body === undefined || text.includes(match.body);
}

export function faultName(action: FaultAction): string {
	return typeof action === 'string' ? action : (Object.keys(action)[0] ?? 'unknown');
}
