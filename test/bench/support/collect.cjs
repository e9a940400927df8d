/**
 * Loaded into the processes that are measured (`node --expose-gc --require collect.cjs`): on SIGUSR2
 * it collects garbage and writes down what is left, so that what waits for collection is not taken
 * for what is needed.
 */
const { renameSync, writeFileSync } = require('node:fs');
const { isMainThread } = require('node:worker_threads');

const file = process.env.BENCH_MEMORY_FILE;

if (isMainThread && file && globalThis.gc) {
	process.on('SIGUSR2', () => {
		globalThis.gc();
		// What is freed by the ends of streams and promises goes with the second collection.
		setTimeout(() => {
			globalThis.gc();
			writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()));
			renameSync(`${file}.part`, file);
		}, 200);
	});
}
