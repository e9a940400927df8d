/** Runs of the node whose execution n8n stores while the jobs run. */
import type { INodeParameters } from 'n8n-workflow';
import type { JobScript } from '../../emulator/emulator';
import type { RunOptions } from './engine';
import type { Execution } from './execution';
import { ownMediaFixtures } from './files';
import { useEngine } from './testbed';

/** More rounds than any of these tests needs. */
const MAX_ROUNDS = 30;

/** {@link useEngine}, and what the tests of stored executions do and ask. */
export function useStoredWait() {
	const { emulator, engine } = useEngine();

	/** Jobs end only by {@link finish}, and nobody is called, unless the script says otherwise. */
	function scriptJobs(script?: JobScript): void {
		emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none', ...script });
	}

	/** The job of a prompt; the latest one if there are several. */
	function job(prompt: string) {
		const found = emulator.predictions().filter(({ inputs }) => inputs.prompt === prompt);
		return found.at(-1)!;
	}

	/** Ends the jobs with these prompts; all jobs when none is given. */
	async function finish(...prompts: string[]): Promise<void> {
		if (prompts.length === 0) await emulator.finishAll();
		for (const prompt of prompts) await emulator.finishJob(job(prompt).id);
	}

	/** The prompt of each job that an output item is about, in the order of the items. */
	function promptsOf(items: Execution['good']): unknown[] {
		const jobs = emulator.predictions();
		return items.map(({ json }) => jobs.find(({ id }) => id === json.id)?.inputs.prompt);
	}

	/** Wakes a stored execution by time until it ends; all jobs end before each wake unless told otherwise. */
	async function untilEnd(stored: Execution, { finishing = true } = {}): Promise<Execution> {
		let last = stored;
		for (let round = 0; last.run.waitTill; round++) {
			if (round === MAX_ROUNDS) throw new Error('The execution does not end');
			if (finishing) await emulator.finishAll();
			last = await engine.wake(last);
		}
		return last;
	}

	return { emulator, engine, scriptJobs, job, finish, promptsOf, untilEnd };
}

/** An item for each prompt, each with files of its own; an empty prompt makes an item without files. */
export function storedRun(prompts: readonly string[], more: RunOptions = {}): RunOptions {
	const { options, ...parameters } = more.parameters ?? {};
	return {
		items: prompts.map((prompt) => ({
			json: { prompt },
			...(prompt && { files: ownMediaFixtures(prompt) }),
		})),
		...more,
		parameters: {
			prompt: '={{ $json.prompt }}',
			...parameters,
			options: { waiting: 'automatic', ...(options as INodeParameters) },
		},
	};
}
