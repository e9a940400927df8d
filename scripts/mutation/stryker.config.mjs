/** Changes the code piece by piece, and looks whether a unit test notices. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Outside the repository, and not below node_modules, where Jest looks for no tests. */
const cache = process.env.MUTATION_CACHE;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: [
		'nodes/WaveSpeedInfiniteTalk/*/**/*.ts',
		'!nodes/WaveSpeedInfiniteTalk/{operations,n8n,probe}/**',
	],
	plugins: [fileURLToPath(new URL('jest-by-file.mjs', import.meta.url))],
	testRunner: 'jest-by-file',
	jest: { configFile: 'scripts/mutation/jest.config.cjs' },
	coverageAnalysis: 'perTest',
	concurrency: 2,
	// Stryker adds what Jest itself took in the first run, which is more than enough.
	timeoutMS: 1_000,
	incremental: true,
	incrementalFile: path.join(cache, 'incremental.json'),
	tempDirName: path.join(cache, 'sandboxes'),
	reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
	clearTextReporter: { reportTests: false, logTests: false, skipFull: true, allowColor: false },
	jsonReporter: { fileName: path.join(cache, 'mutation.json') },
	htmlReporter: { fileName: path.join(cache, 'mutation.html') },
	thresholds: { high: 95, low: 85, break: 85 },
};
