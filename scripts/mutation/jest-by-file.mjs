/**
 * Stryker's runner for Jest, made quicker: for a mutant, only files run whose tests reach it, the likely ones
 * first. Stryker itself would load all files that import the mutated one, some thirty for most.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
	commonTokens,
	declareFactoryPlugin,
	PluginKind,
	tokens,
} from '@stryker-mutator/api/plugin';
import { MutantRunStatus } from '@stryker-mutator/api/test-runner';
import { strykerPlugins as jestPlugins } from '@stryker-mutator/jest-runner';

export { strykerValidationSchema } from '@stryker-mutator/jest-runner';

/** Files by test, written by the worker that makes the dry run, into the sandbox that all share. */
const FILES_BY_TEST = '.files-by-test.json';

class JestByFile {
	#filesByTest;

	constructor(jest) {
		this.jest = jest;
	}

	capabilities() {
		return this.jest.capabilities();
	}

	async init() {
		await this.jest.init();
	}

	async dryRun(options) {
		const result = await this.jest.dryRun(options);
		const files = {};
		for (const { id, fileName } of result.tests ?? []) (files[id] ??= []).push(fileName);
		writeFileSync(FILES_BY_TEST, JSON.stringify(files));
		return result;
	}

	async mutantRun(options) {
		this.jest.enableFindRelatedTests = false;
		let result;
		for (const files of this.#stages(options)) {
			this.jest.jestConfig.testMatch = files;
			result = await this.jest.mutantRun(options);
			if (result.status !== MutantRunStatus.Survived) break;
		}
		return result;
	}

	/**
	 * First the tests named after the mutated file, then the others of its folder; else all that reach it.
	 * What is made while modules load is reached by all tests, as far as Stryker knows: there, those named
	 * after the file have to notice.
	 */
	#stages({ testFilter, sandboxFileName }) {
		const room = path.resolve('test', 'unit', path.basename(path.dirname(sandboxFileName)));
		const name = path.basename(sandboxFileName, '.ts');
		const [named, near, far] = [[], [], []];
		for (const file of this.#filesOf(testFilter)) {
			const isNamed = path.basename(file).startsWith(`${name}.`);
			(path.dirname(file) !== room ? far : isNamed ? named : near).push(file);
		}
		if (!testFilter && named.length > 0) return [named];
		const stages = [named, near].filter((files) => files.length > 0);
		return stages.length > 0 ? stages : [far];
	}

	#filesOf(tests) {
		this.#filesByTest ??= JSON.parse(readFileSync(FILES_BY_TEST, 'utf8'));
		const ids = tests ?? Object.keys(this.#filesByTest);
		return new Set(ids.flatMap((id) => this.#filesByTest[id]));
	}
}

function createRunner(injector) {
	return new JestByFile(injector.injectFunction(jestPlugins[0].factory));
}
createRunner.inject = tokens(commonTokens.injector);

export const strykerPlugins = [
	declareFactoryPlugin(PluginKind.TestRunner, 'jest-by-file', createRunner),
];
