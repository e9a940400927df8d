import type { FastifyInstance } from 'fastify';
import { ApiError } from './envelope';
import type { Settings } from './options';

/** Requires the API key as a Bearer token, except for control requests. */
export function requireKey(app: FastifyInstance, settings: Settings): void {
	app.addHook('preHandler', async (request) => {
		const { record, headers } = request;
		if (record.route === 'control') return;
		if (headers.authorization !== `Bearer ${settings.apiKey}`) {
			const reason = headers.authorization === undefined ? 'missing' : 'invalid';
			throw new ApiError(401, `Unauthorized: the API key is ${reason}`);
		}
	});
}
