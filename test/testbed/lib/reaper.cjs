/**
 * Ends the process group of its argument when its parent dies, however (kill -9, a crashed test
 * worker): the pipe to it closes then. It has a session of its own, so a signal to the terminal does
 * not reach it. Plain JavaScript, as nothing is loaded for it.
 */
'use strict';
const { spawnSync } = require('node:child_process');

const pid = Number(process.argv[2]);

process.stdin.resume().on('close', () => {
	if (process.platform === 'win32') {
		spawnSync('taskkill', ['/T', '/F', '/PID', String(pid)], { stdio: 'ignore' });
		return;
	}
	try {
		process.kill(-pid, 'SIGKILL');
	} catch {
		// Already gone.
	}
});
