/** One input item, and what the user entered for it. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

export class Item {
	constructor(
		readonly context: IExecuteFunctions,
		/** Position among the input items, from 0. */
		readonly index: number,
	) {}

	/** A field, its expression evaluated. @throws n8n's own error when the expression fails */
	parameter(name: string, fallback?: unknown): unknown {
		return this.context.getNodeParameter(name, this.index, fallback);
	}

	/** A field of the collection Options; undefined when the user has not added it. */
	option(name: string): unknown {
		return this.options()[name];
	}

	/** True when the user has added the option, also when its expression gives nothing. */
	hasOption(name: string): boolean {
		return Object.hasOwn(this.options(), name);
	}

	/** What came in; undefined for a node that runs without input. */
	input(): INodeExecutionData | undefined {
		return this.context.getInputData()[this.index];
	}

	/** The value of an expression with its braces. @throws n8n's own error when the expression fails */
	evaluate(expression: string): unknown {
		return this.context.evaluateExpression(expression, this.index);
	}

	private options(): IDataObject {
		return this.parameter('options', {}) as IDataObject;
	}
}

/** How people count: n8n's panels begin with item 1. */
export function itemNumber(index: number): number {
	return index + 1;
}

/** All items of the input. */
export function readInput(context: IExecuteFunctions): Item[] {
	return context.getInputData().map((_data, index) => new Item(context, index));
}
