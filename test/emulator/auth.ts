import type { FastifyInstance } from 'fastify';
import { ApiError } from './envelope';
import type { Settings } from './options';

/** Bearer is the only scheme; control requests need no key. Faults come first. */
export function requireKey(app: FastifyInstance, settings: Settings): void {
	app.addHook('preHandler', async (request) => {
		const { record, headers } = request;
		if (record.route === 'control') return;
		if (headers.authorization !== `Bearer ${settings.apiKey}`) {
			const problem = headers.authorization === undefined ? 'missing' : 'invalid';
			throw new ApiError(401, `Unauthorized: the API key is ${problem}`);
		}
	});
}
