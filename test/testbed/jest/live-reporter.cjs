'use strict';

const SILENCE_MS = 15_000;

/**
 * Says what goes on while a test file is still running: jest's own reporter speaks only when a file
 * is done, which for a file of end-to-end tests may take minutes. Prints tests of more than 2 s as
 * they end, and a sign of life when nothing else was printed for 15 s.
 */
class LiveReporter {
	constructor() {
		this.running = new Map();
	}

	onRunStart() {
		this.lastWord = Date.now();
		this.timer = setInterval(() => this.signOfLife(), 1_000);
		this.timer.unref();
	}

	onTestCaseStart(test, info) {
		this.running.set(test.path, { name: info.fullName, since: Date.now() });
	}

	onTestCaseResult(_test, result) {
		if ((result.duration ?? 0) < 2_000) return;
		const sign = { passed: '✓', failed: '✗' }[result.status] ?? '○';
		this.say(`  ${sign} ${result.fullName} (${(result.duration / 1000).toFixed(1)} s)`);
	}

	onTestResult(test) {
		this.running.delete(test.path);
		this.lastWord = Date.now();
	}

	onRunComplete() {
		clearInterval(this.timer);
	}

	signOfLife() {
		if (Date.now() - this.lastWord < SILENCE_MS) return;
		for (const { name, since } of this.running.values()) {
			this.say(`  … ${name}: ${Math.round((Date.now() - since) / 1000)} s so far`);
		}
		this.lastWord = Date.now();
	}

	say(text) {
		process.stderr.write(`${text}\n`);
		this.lastWord = Date.now();
	}
}

module.exports = LiveReporter;
