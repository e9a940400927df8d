'use strict';

const { projects } = require('../../jest.config.js');

/** The unit layer alone, as Stryker takes one project only; less the tests of emulator and scripts. */
module.exports = {
	...projects.find(({ displayName }) => displayName === 'unit'),
	rootDir: '../..',
	roots: ['<rootDir>/nodes', '<rootDir>/credentials', '<rootDir>/test/unit'],
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
	// Random inputs would give another score at each run.
	testPathIgnorePatterns: ['/node_modules/', '\\.property\\.test\\.ts$'],
};
