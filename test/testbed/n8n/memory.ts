import { readFile, writeFile } from 'node:fs/promises';

/** Resident memory of a process in bytes, now and at its highest. */
export interface Memory {
	readonly residentBytes: number;
	readonly peakBytes: number;
}

/**
 * Memory of a process as Linux counts it.
 *
 * @throws Error when the process has ended or the system has no /proc
 */
export async function processMemory(pid: number): Promise<Memory> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return { residentBytes: kilobytes(status, 'VmRSS'), peakBytes: kilobytes(status, 'VmHWM') };
}

/** Makes the peak start again at the present size. */
export async function resetPeakMemory(pid: number): Promise<void> {
	await writeFile(`/proc/${pid}/clear_refs`, '5');
}

function kilobytes(status: string, key: string): number {
	const value = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
	if (value === undefined) throw new Error(`No ${key} in the status of the process.`);
	return Number(value) * 1024;
}
