import type { FastifyInstance } from 'fastify';
import type { Readable } from 'node:stream';
import type { Emulator } from '../emulator';

/** A file of the outside world. */
export interface HostedFile {
	/** A function gives another content at each request. */
	readonly content: Buffer | string | (() => Buffer | string | Readable);
	readonly type?: string;
	readonly headers?: Readonly<Record<string, string>>;
}

/** The rest of the web: files by their paths, whatever their query. What else it may answer are faults. */
export function webRoutes(app: FastifyInstance, emulator: Emulator): void {
	app.get('/*', { config: { name: 'web' } }, async (request, reply) => {
		const file = emulator.hosted.get(request.record.path);
		if (!file) return await reply.code(404).type('text/html').send('<h1>Not found</h1>');
		const { content, type = 'application/octet-stream', headers = {} } = file;
		const body = typeof content === 'function' ? content() : content;
		return await reply.headers({ 'content-type': type, ...headers }).send(body);
	});
}
