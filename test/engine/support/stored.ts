/** Runs of the node whose execution n8n stores while the jobs run. */
import type { INodeParameters } from 'n8n-workflow';
import type { JobScript } from '../../emulator/emulator';
import type { PredictionRecord } from '../../emulator/state';
import type { EngineOptions, RunOptions } from './engine';
import { ownMediaFixtures } from './files';
import type { Execution } from './execution';
import { type EngineTestbed, useEngine } from './testbed';

/** n8n's address, when WaveSpeed cannot call it. */
export const UNREACHABLE = 'ftp://n8n.invalid/';

/** More rounds than any of these tests needs. */
const MAX_ROUNDS = 30;

export interface StoredSuite extends EngineTestbed {
	/** Jobs end only by `finish`, and nobody is called, unless the script says otherwise. */
	scriptJobs(script?: JobScript): void;
	/** Ends the jobs with these prompts; all jobs when none is given. */
	finish(...prompts: string[]): Promise<void>;
	/** The job of a prompt; the latest one if there are several. */
	job(prompt: string): PredictionRecord;
	/** The prompt of each job that an output item is about, in the order of the items. */
	promptsOf(items: Execution['good']): unknown[];
	/** Wakes a stored execution by time until it ends; ends all jobs before each wake if asked to. */
	untilEnd(stored: Execution, options?: { finishing?: boolean }): Promise<Execution>;
}

export function useStoredWait(options: Omit<EngineOptions, 'emulator'> = {}): StoredSuite {
	const { emulator, engine } = useEngine(options);
	const job = (prompt: string) => {
		const found = emulator
			.predictions()
			.filter(({ inputs }) => inputs.prompt === prompt)
			.at(-1);
		if (!found) throw new Error(`There is no job "${prompt}"`);
		return found;
	};
	return {
		emulator,
		engine,
		job,
		scriptJobs(script) {
			emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none', ...script });
		},
		async finish(...prompts) {
			if (prompts.length === 0) await emulator.finishAll();
			for (const prompt of prompts) await emulator.finishJob(job(prompt).id);
		},
		promptsOf(items) {
			const jobs = emulator.predictions();
			return items.map(({ json }) => jobs.find(({ id }) => id === json.id)?.inputs.prompt);
		},
		async untilEnd(stored, { finishing = false } = {}) {
			let last = stored;
			for (let round = 0; last.run.waitTill; round++) {
				if (round === MAX_ROUNDS) throw new Error('The execution does not end');
				if (finishing) await emulator.finishAll();
				last = await engine.wake(last);
			}
			return last;
		},
	};
}

/** An item for each prompt, each with files of its own; an empty prompt makes an item without files. */
export function storedRun(prompts: readonly string[], more: RunOptions = {}): RunOptions {
	const { parameters = {} } = more;
	return {
		items: prompts.map((prompt) => ({
			json: { prompt },
			...(prompt && { files: ownMediaFixtures(prompt) }),
		})),
		...more,
		parameters: {
			prompt: '={{ $json.prompt }}',
			...parameters,
			options: { waiting: 'automatic', ...(parameters.options as INodeParameters) },
		},
	};
}
