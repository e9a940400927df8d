import { LoggerProxy } from 'n8n-workflow';
import { Container, Logger } from './injected';

/** Everything that n8n and the node have written to n8n's log since {@link captureLogs}. */
export const logs: string[] = [];

/** Takes the place of n8n's logger, whose own output is for a console. */
export function captureLogs(): void {
	const write =
		(level: string) =>
		(message: string, metadata: object = {}) => {
			logs.push(`${level} ${message} ${JSON.stringify(metadata, withErrors)}`);
		};
	const logger = {
		error: write('error'),
		warn: write('warn'),
		info: write('info'),
		debug: write('debug'),
		scoped: () => logger,
	};
	LoggerProxy.init(logger);
	Container.set(Logger, logger as never);
}

/** Errors have no JSON of their own. */
function withErrors(_key: string, value: unknown): unknown {
	if (!(value instanceof Error)) return value;
	return { ...value, name: value.name, message: value.message, stack: value.stack };
}
