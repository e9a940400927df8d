/** Changes the code piece by piece, and looks whether a unit test notices. */
import path from 'node:path';
import layers from '../../jest.config.js';

/** Outside the repository, and not below node_modules, where Jest looks for no tests. */
const cache = process.env.MUTATION_CACHE;

/** The unit layer alone, as Stryker takes one project only; less the tests of emulator and scripts. */
const config = {
	...layers.projects.find(({ displayName }) => displayName === 'unit'),
	roots: ['<rootDir>/nodes', '<rootDir>/credentials', '<rootDir>/test/unit'],
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
	// Random inputs would give another score at each run.
	testPathIgnorePatterns: ['/node_modules/', '\\.property\\.test\\.ts$'],
};

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	mutate: [
		'nodes/WaveSpeedInfiniteTalk/*/**/*.ts',
		'!nodes/WaveSpeedInfiniteTalk/{operations,n8n,probe}/**',
	],
	testRunner: 'jest',
	jest: { projectType: 'custom', config },
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
