import type { RouteName } from '../../emulator/request-log';
import type { Execution } from '../../testbed/n8n';
import type { BenchTestbed } from './testbed';

export interface Calls {
	/** All requests. */
	readonly all: number;
	readonly uploads: number;
	readonly results: number;
}

/** One line of the table. */
export interface Row {
	/** Who did the work. */
	readonly contender: 'node' | 'floor';
	readonly what: string;
	readonly seconds?: number;
	/** Megabytes of resident memory over idle at the highest. */
	readonly megabytes?: number;
	readonly calls?: Calls;
	/** Jobs that were charged. */
	readonly billed?: number;
	/** Videos that came out. */
	readonly videos?: number;
	readonly note?: string;
}

/** A number that has to be met. */
export interface Target {
	readonly what: string;
	readonly limit: string;
	readonly value: string;
	/** Absent where no number is asked for. */
	readonly met?: boolean;
}

export interface Finding {
	readonly rows: readonly Row[];
	readonly targets: readonly Target[];
}

export interface Scenario {
	readonly title: string;
	run(testbed: BenchTestbed, say: (line: string) => void): Promise<Finding>;
}

/** What the service counted since the last `prepare`. */
export async function counted(testbed: BenchTestbed): Promise<{ calls: Calls; billed: number }> {
	const { requests, billing } = await testbed.remote.emulator.state('requests', 'billing');
	const count = (...routes: RouteName[]) =>
		requests.filter(({ route }) => routes.includes(route)).length;
	const calls: Calls = {
		all: requests.length,
		uploads: count('put', 'oneStep'),
		results: count('result'),
	};
	return { calls, billed: billing.billed };
}

/** Seconds that a node took, over all its runs. */
export function nodeSeconds(execution: Execution, name: string): number {
	const runs = execution.data.resultData.runData[name] ?? [];
	const starts = runs.map(({ startTime }) => startTime);
	const ends = runs.map(({ startTime, executionTime }) => startTime + executionTime);
	return (Math.max(...ends) - Math.min(...starts)) / 1000;
}

/** Items with a file that a node sent out, over all its runs. */
export function videosOf(execution: Execution, name: string): number {
	const runs = execution.data.resultData.runData[name] ?? [];
	const items = runs.flatMap(({ data }) => data?.main?.[0] ?? []);
	return items.filter(({ binary }) => binary?.data !== undefined).length;
}

export function toMB(bytes: number): number {
	return Math.round(bytes / 1e6);
}

/** A number that is told, without one that it has to meet. */
export function told(what: string, value: number, unit = ''): Target {
	return { what, limit: '', value: `${value.toFixed(2)}${unit}` };
}

export function target(what: string, value: number, limit: number, unit = ''): Target {
	const digits = Math.abs(limit) >= 20 ? 0 : 2;
	return {
		what,
		limit: `≤ ${limit}${unit}`,
		value: `${value.toFixed(digits)}${unit}`,
		met: value <= limit,
	};
}
