import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { constants } from 'node:os';
import path from 'node:path';

/**
 * Child processes that never outlive us. Each gets a process group of its own, so that what it
 * starts ends with it, and only processes started here are ever signalled.
 */

const running = new Set<ChildProcess>();

/** Options of a child for {@link manage}: a process group of its own. */
export const DETACHED = { detached: process.platform !== 'win32', windowsHide: true } as const;

/** Sees to it that a child, started with {@link DETACHED}, ends when this process ends, however. */
export function manage(child: ChildProcess): void {
	const { pid } = child;
	if (pid === undefined) return;
	running.add(child);
	const reaper = spawn(process.execPath, [path.join(__dirname, 'reaper.cjs'), String(pid)], {
		detached: true,
		stdio: ['pipe', 'ignore', 'ignore'],
		windowsHide: true,
	});
	// Neither the process nor its pipe may keep us alive.
	reaper.unref();
	(reaper.stdin as Socket).unref();
	child.once('exit', () => {
		// What the child left behind in its group goes too, before the number can be used again.
		killGroup(child, 'SIGKILL');
		running.delete(child);
		reaper.kill('SIGKILL');
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
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	const listeners = signals.map((signal) => {
		const end = () => process.exit(128 + constants.signals[signal]);
		let asked = false;
		const listener = () => {
			// A second Ctrl-C means now.
			if (asked) end();
			asked = true;
			void cleanup().then(end, end);
		};
		process.on(signal, listener);
		return () => process.off(signal, listener);
	});
	return () => listeners.forEach((forget) => forget());
}
