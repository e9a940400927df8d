import { parse } from 'flatted';
import type { IRunExecutionData } from 'n8n-workflow';
import { until } from '../lib/until';
import { N8nApiError, type Session } from './session';
import type { Execution, ExecutionStatus, ExecutionSummary } from './types';

/** Statuses in which an execution stays unless somebody acts. */
const ENDED: readonly ExecutionStatus[] = ['success', 'error', 'canceled', 'crashed'];

/**
 * While n8n starts, it marks each stored execution as crashed and then as waiting again. Milliseconds
 * after which one that is marked so has really crashed.
 */
const RECOVERY_MS = 5_000;

/** n8n's executions, as its editor drives them. */
export class Executions {
	constructor(readonly session: Session) {}

	/**
	 * Runs a saved workflow by hand, like the editor's button, and returns the execution's ID.
	 *
	 * @param from name of the trigger node to start from
	 */
	async run(id: string, from: string): Promise<string> {
		const answer = await this.session.call<{ executionId?: string }>(
			'POST',
			`/rest/workflows/${id}/run`,
			{ triggerToStartFrom: { name: from } },
		);
		if (!answer.executionId) throw new Error(`n8n did not start: ${JSON.stringify(answer)}`);
		return answer.executionId;
	}

	/** Newest first. */
	async executions(filter: { workflowId?: string } = {}): Promise<ExecutionSummary[]> {
		const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '100' });
		const { results } = await this.session.call<{ results: ExecutionSummary[] }>(
			'GET',
			`/rest/executions?${query.toString()}`,
		);
		return results;
	}

	/** @throws N8nApiError with status 404 when n8n does not know it */
	async execution(id: string): Promise<Execution> {
		const stored = await this.session.call<
			(Omit<Execution, 'data'> & { data: string }) | undefined
		>('GET', `/rest/executions/${id}`);
		if (!stored) throw new N8nApiError('GET', `/rest/executions/${id}`, 404, 'No such execution');
		return { ...stored, data: parse(stored.data) as IRunExecutionData };
	}

	/**
	 * Waits until an execution has one of some statuses, by default until it has ended or waits.
	 *
	 * @throws Error when it ends in another status, or not in time (4 minutes unless given)
	 */
	async waitFor(
		id: string,
		statuses: readonly ExecutionStatus[] = [...ENDED, 'waiting'],
		{ timeoutMs = 240_000 }: { readonly timeoutMs?: number } = {},
	): Promise<Execution> {
		let last: Execution | undefined;
		let crashedSince: number | undefined;
		return await until(
			async () => {
				last = await this.execution(id);
				if (last.status !== 'crashed') crashedSince = undefined;
				else crashedSince ??= Date.now();
				const isRecovering = crashedSince !== undefined && Date.now() - crashedSince < RECOVERY_MS;
				if (isRecovering) return undefined;
				if (statuses.includes(last.status)) return last;
				if (ENDED.includes(last.status)) throw new Error(describe(last));
				return undefined;
			},
			{
				what: `execution ${id} to be ${statuses.join(' or ')}`,
				timeoutMs,
				explain: () => (last ? describe(last) : ''),
			},
		);
	}

	/** Waits for an execution of a workflow that is not among the ones already known. */
	async nextExecution(
		workflowId: string,
		known: readonly string[] = [],
	): Promise<ExecutionSummary> {
		return await until(
			async () => (await this.executions({ workflowId })).find(({ id }) => !known.includes(id)),
			{ what: `a new execution of workflow ${workflowId}` },
		);
	}

	async stopExecution(id: string): Promise<ExecutionSummary> {
		return await this.session.call('POST', `/rest/executions/${id}/stop`);
	}

	/**
	 * Retries a failed execution with the workflow as it was, or as it is now, and returns the new
	 * execution's ID as soon as it has one (n8n itself answers only when the retry has ended).
	 */
	async retryExecution(id: string, workflow: 'original' | 'current'): Promise<string> {
		const { workflowId } = await this.execution(id);
		const known = (await this.executions({ workflowId })).map((execution) => execution.id);
		let failure: unknown;
		this.session
			.call('POST', `/rest/executions/${id}/retry`, { loadWorkflow: workflow === 'current' })
			.catch((error: unknown) => {
				failure = error;
			});
		const retry = await until(
			async () => {
				if (failure instanceof N8nApiError) throw failure;
				const all = await this.executions({ workflowId });
				return all.find((execution) => execution.retryOf === id && !known.includes(execution.id));
			},
			{ what: `the retry of execution ${id}` },
		);
		return retry.id;
	}
}

/** One line for a failure message. */
export function describe(execution: Execution): string {
	const { error, lastNodeExecuted } = execution.data.resultData;
	const cause = error
		? ` in "${lastNodeExecuted}": ${error.message} ${error.description ?? ''}`
		: '';
	return `Execution ${execution.id} is "${execution.status}"${cause}`;
}
