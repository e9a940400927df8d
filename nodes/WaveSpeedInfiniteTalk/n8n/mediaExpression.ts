/** The expressions that stand in the media fields. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { isResourceLocatorValue } from 'n8n-workflow';
import type { JobError } from '../errors/jobError';
import { jobError } from '../errors/jobError';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { Item } from './item';
import { describeError } from './items';
import { hasRun } from './readWiring';

const NODE_NAME =
	/\$\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)|\$node\[\s*["']([^"']+)/g;

/** What stands in a field behind the `=`; undefined when it is no expression. */
export function storedExpression(context: IExecuteFunctions, input: InputName): string | undefined {
	const stored: unknown = context.getNode().parameters[input];
	const text: unknown = isResourceLocatorValue(stored) ? stored.value : stored;
	return typeof text === 'string' && text.startsWith('=') ? text.slice(1) : undefined;
}

/** The mode that the user chose for a field; undefined when the field is none with modes. */
export function storedMode(context: IExecuteFunctions, input: InputName): string | undefined {
	const stored: unknown = context.getNode().parameters[input];
	return isResourceLocatorValue(stored) ? stored.mode : undefined;
}

/** The nodes that an expression names, each once. */
export function nodesNamedIn(expression: string): string[] {
	const names = [...expression.matchAll(NODE_NAME)].map(([, single, double, old]) =>
		(single ?? double ?? old ?? '').replace(/\\(.)/g, '$1'),
	);
	return [...new Set(names)];
}

/** In words, why n8n could not evaluate what stands in a field. */
export function explainExpressionError(item: Item, input: InputName, error: unknown): JobError {
	const label = INPUT_LABELS[input];
	const details = { step: 'check' as const, input };
	const nodes = nodesNamedIn(storedExpression(item.context, input) ?? '');
	const notRun = nodes.find((name) => !hasRun(item, name));
	if (notRun !== undefined) {
		return jobError(
			`${label}: '${notRun}' has not run yet`,
			'Put the nodes in a row, or put a Merge node before this one. If the node was renamed, enter its new name.',
			details,
		);
	}
	const { message, advice } = describeError(error);
	return jobError(`${label}: ${message}`, advice, details);
}
