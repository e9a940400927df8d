/** The expressions that stand in the media fields, and what expressions say of other nodes. */
import { isResourceLocatorValue } from 'n8n-workflow';
import type { JobError } from '../errors/jobError';
import { jobError } from '../errors/jobError';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { Item } from './item';
import { describeError } from './items';

const NODE_NAME =
	/\$\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*\)|\$node\[\s*["']([^"']+)/g;

/** What the user entered in a field: its mode, and the expression behind the `=`; each empty when there is none. */
export function storedField(
	{ context }: Item,
	input: InputName,
): { mode: string; expression: string } {
	const field = context.getNode().parameters[input];
	const { mode, value } = isResourceLocatorValue(field) ? field : { mode: '', value: field };
	const isExpression = typeof value === 'string' && value.startsWith('=');
	return { mode, expression: isExpression ? value.slice(1) : '' };
}

/** The nodes that an expression names, each once. */
export function nodesNamedIn(expression: string): string[] {
	const names = [...expression.matchAll(NODE_NAME)].map(([, single, double, old]) =>
		(single ?? double ?? old ?? '').replace(/\\(.)/g, '$1'),
	);
	return [...new Set(names)];
}

/** What `$('node').<member>` gives in an expression; undefined when it cannot be evaluated. */
export function readNode(item: Item, node: string, member: string): unknown {
	try {
		return item.evaluate(`{{ $('${quoted(node)}').${member} }}`);
	} catch {
		return undefined;
	}
}

/** A name as it stands between single quotes in an expression. */
export function quoted(name: string): string {
	return name.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
}

/** `.name`, or `['any name']`. */
export function property(name: string): string {
	return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `['${quoted(name)}']`;
}

/** In words, why n8n could not evaluate what stands in a field. */
export function explainExpressionError(item: Item, input: InputName, error: unknown): JobError {
	const nodes = nodesNamedIn(storedField(item, input).expression);
	const notRun = nodes.find((name) => readNode(item, name, 'isExecuted') !== true);
	const { message, advice } =
		notRun === undefined
			? describeError(error)
			: {
					message: `'${notRun}' has not run yet`,
					advice:
						'Put the nodes in a row, or put a Merge node before this one. If the node was renamed, enter its new name.',
				};
	return jobError(`${INPUT_LABELS[input]}: ${message}`, advice, { step: 'check', input });
}
