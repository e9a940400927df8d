'use strict';

/** What all layers share: TypeScript by swc, modules as CommonJS, as n8n loads them. */
const base = {
	testEnvironment: 'node',
	transform: {
		'^.+\\.ts$': [
			'@swc/jest',
			{
				swcrc: false,
				jsc: { parser: { syntax: 'typescript', decorators: true }, target: 'es2022' },
				module: { type: 'commonjs' },
			},
		],
	},
	testPathIgnorePatterns: ['/node_modules/', '/dist/'],
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** A layer that drives a real n8n, the one that its tests share. */
const withN8n = {
	setupFilesAfterEnv: ['<rootDir>/test/testbed/jest/retries.ts'],
	globalSetup: '<rootDir>/test/testbed/jest/setup.ts',
	globalTeardown: '<rootDir>/test/testbed/jest/teardown.ts',
};

/** A layer is the folder of its name in test/. */
const layer = (name, more = {}) => ({
	...base,
	displayName: name,
	testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
	...more,
});

module.exports = {
	// A real n8n on a busy machine takes its time. Jest takes this here only, not in a project.
	testTimeout: 60_000,
	testSequencer: '<rootDir>/test/testbed/jest/sequencer.cjs',
	projects: [
		// Scripts and the emulator have their tests beside them.
		layer('unit', {
			testMatch: ['unit', 'emulator']
				.map((folder) => `<rootDir>/test/${folder}/**/*.test.ts`)
				.concat('<rootDir>/scripts/**/*.test.ts'),
		}),
		layer('engine'),
		layer('e2e', withN8n),
		layer('browser', withN8n),
		// Runs in the n8n that scripts/compat.ts names; not a layer of npm test.
		layer('compat'),
	],
};
