import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import path from 'node:path';

/**
 * Child processes that never outlive us. Each gets a process group of its own, so that what it
 * starts ends with it, and only processes started here are ever signalled.
 */

const running = new Set<ChildProcess>();
const cleanups = new Set<() => Promise<void>>();
let reaper: ChildProcess | undefined;
let watching = false;

/** Options of a child for {@link manage}: a process group of its own. */
export const DETACHED = { detached: process.platform !== 'win32', windowsHide: true } as const;

/** Sees to it that a child, started with {@link DETACHED}, ends when this process ends, however. */
export function manage(child: ChildProcess): void {
	watchOurEnd();
	if (child.pid === undefined) return;
	running.add(child);
	tellReaper('+', child.pid);
	child.once('exit', () => {
		// What the child left behind in its group goes too, before the number can be used again.
		killGroup(child, 'SIGKILL');
		running.delete(child);
		if (child.pid !== undefined) tellReaper('-', child.pid);
	});
}

/** Signals a managed child and all that it started. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined || !running.has(child)) return;
	if (process.platform === 'win32') {
		spawnSync('taskkill', ['/T', '/F', '/PID', String(child.pid)], { stdio: 'ignore' });
		return;
	}
	try {
		process.kill(-child.pid, signal);
	} catch {
		// The group has ended in the meantime.
	}
}

/** Registers work to do when the user interrupts us; returns a function that takes it back. */
export function onInterrupt(cleanup: () => Promise<void>): () => void {
	watchOurEnd();
	cleanups.add(cleanup);
	return () => cleanups.delete(cleanup);
}

function tellReaper(sign: '+' | '-', pid: number): void {
	if (!reaper) {
		reaper = spawn(process.execPath, [path.join(__dirname, 'reaper.cjs')], {
			detached: true,
			stdio: ['pipe', 'ignore', 'ignore'],
			windowsHide: true,
		});
		// Neither the process nor its pipe may keep us alive.
		reaper.unref();
		reaper.stdin?.on('error', () => undefined);
		const pipe: unknown = reaper.stdin;
		if (hasUnref(pipe)) pipe.unref();
	}
	reaper.stdin?.write(`${sign}${pid}\n`);
}

function hasUnref(value: unknown): value is { unref(): void } {
	return typeof value === 'object' && value !== null && 'unref' in value;
}

function watchOurEnd(): void {
	if (watching) return;
	watching = true;
	process.on('exit', () => {
		for (const child of running) killGroup(child, 'SIGKILL');
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		let asked = false;
		process.on(signal, () => {
			// A second Ctrl-C means now.
			if (asked) process.exit(128 + constants.signals[signal]);
			asked = true;
			void Promise.allSettled([...cleanups].map(async (cleanup) => await cleanup())).then(() => {
				process.exit(128 + constants.signals[signal]);
			});
		});
	}
}
