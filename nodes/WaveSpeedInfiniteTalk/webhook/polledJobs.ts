/**
 * What this process learned about jobs from WaveSpeed's calls: an ended job is never polled again, and
 * among the running ones the least recently polled comes first.
 */
import type { Prediction } from '../api/prediction';

/** Enough for the largest runs; beyond it, the oldest jobs are polled again. */
const MAX_JOBS = 1_000;

const ended = new Map<string, Prediction>();
/** When each running job was last polled, milliseconds since 1970. */
const seenRunning = new Map<string, number>();

export function rememberEnded(prediction: Prediction): void {
	seenRunning.delete(prediction.id);
	remember(ended, prediction.id, prediction);
}

export function endedJob(id: string): Prediction | undefined {
	return ended.get(id);
}

export function rememberRunning(id: string, now: number): void {
	remember(seenRunning, id, now);
}

/** When the job was last seen running, milliseconds since 1970; 0 when it never was. */
export function lastSeenRunning(id: string): number {
	return seenRunning.get(id) ?? 0;
}

function remember<T>(map: Map<string, T>, id: string, value: T): void {
	map.delete(id);
	map.set(id, value);
	for (const oldest of map.keys()) {
		if (map.size <= MAX_JOBS) break;
		map.delete(oldest);
	}
}
