import { BinaryDataService } from 'n8n-core';
import { stringify } from 'flatted';
import type { ExecutionError, IDataObject, INodeExecutionData, IRun } from 'n8n-workflow';
import type { RunOptions } from './engine';
import { Container } from './injected';

/** An execution that has ended, with all that n8n would store of it. */
export class Execution {
	constructor(
		readonly run: IRun,
		readonly planned: RunOptions,
		private readonly logs: readonly string[],
		readonly executionId: string,
	) {}

	/** Items that a node put out. */
	output(node: string, branch = 0, runIndex = 0): INodeExecutionData[] {
		const { runData } = this.run.data.resultData;
		return runData[node]?.[runIndex]?.data?.main?.[branch] ?? [];
	}

	/** Items that left the node under test by its success branch. */
	get good(): INodeExecutionData[] {
		return this.output('Video');
	}

	/** Items that left the node under test by its error branch. */
	get bad(): INodeExecutionData[] {
		return this.output('Video', 1);
	}

	/** What is said of each failed item. */
	get errors(): IDataObject[] {
		return this.bad.map(({ json }) => json.error as IDataObject);
	}

	/** The error that failed the execution. */
	get error(): ExecutionError {
		const { error } = this.run.data.resultData;
		if (!error) throw new Error(`The execution did not fail: ${this.run.status}`);
		return error;
	}

	/** What it says, or undefined when the execution succeeded. */
	get failure(): string | undefined {
		const { error } = this.run.data.resultData;
		return error && `${error.message} ${error.description ?? ''}`;
	}

	/** What the node under test has written down for its next try. */
	get context(): IDataObject {
		return (this.run.data.executionData?.contextData['node:Video'] ?? {}) as IDataObject;
	}

	/** Hints that the node under test shows, one a line. */
	get hints(): string {
		const { Video: [last] = [] } = this.run.data.resultData.runData;
		return (last?.hints ?? []).map(({ message }) => message).join('\n');
	}

	/** All that the user, the database and the log get to see, as one text. */
	get everything(): string {
		return [stringify(this.run), ...this.logs].join('\n');
	}

	/** The content of a file in n8n's store. */
	async fileIn(item: INodeExecutionData | undefined, field = 'data'): Promise<Buffer> {
		const binary = item?.binary?.[field];
		if (!binary) throw new Error(`The item has no file "${field}"`);
		return await Container.get(BinaryDataService).getAsBuffer(binary);
	}
}
