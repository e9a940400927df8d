/**
 * Ends what its parent started, should the parent die without doing so itself (kill -9, a crashed
 * test worker). The parent writes `+<pid>` and `-<pid>` lines; when the pipe closes, the process
 * groups still on the list are killed. Plain JavaScript, as nothing is loaded for it.
 */
'use strict';
const { spawnSync } = require('node:child_process');

const groups = new Set();
let rest = '';

process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
	const lines = (rest + chunk).split('\n');
	rest = lines.pop();
	for (const line of lines) {
		const pid = Number(line.slice(1));
		if (line.startsWith('+')) groups.add(pid);
		else groups.delete(pid);
	}
});
process.stdin.on('close', () => {
	for (const pid of groups) {
		if (process.platform === 'win32') {
			spawnSync('taskkill', ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore' });
			continue;
		}
		try {
			process.kill(-pid, 'SIGKILL');
		} catch {
			// Already gone.
		}
	}
});
// A signal to the whole terminal group must not end the reaper before its work is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);
