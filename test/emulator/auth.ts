import type { FastifyInstance } from 'fastify';
import { ApiError } from './envelope';
import type { Settings } from './options';
import type { RouteName } from './request-log';

/** The account that the main API key belongs to. */
export const MAIN_ACCOUNT = 'main';

/** A further API key, or restrictions of the main one. */
export interface KeySettings {
	/** Jobs, history, bills and balance are separate per account. Default: that of the main key. */
	account?: string;
	/** Routes that the key has no right to: they respond 403 with `message` and `error_code`. */
	denied?: RouteName[];
}

declare module 'fastify' {
	interface FastifyRequest {
		/** Account of the request's API key. */
		account: string;
	}
}

/** Requires an API key as a Bearer token that has the right to the route, except for control. */
export function requireKey(app: FastifyInstance, settings: Settings): void {
	app.decorateRequest('account', MAIN_ACCOUNT);
	app.addHook('preHandler', async (request) => {
		const { record, headers } = request;
		if (record.route === 'control') return;
		const key = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
		if (key === undefined || (key !== settings.apiKey && !(key in settings.keys))) {
			const reason = headers.authorization === undefined ? 'missing' : 'invalid';
			throw new ApiError(401, `Unauthorized: the API key is ${reason}`);
		}
		const { account = MAIN_ACCOUNT, denied = [] } = settings.keys[key] ?? {};
		request.account = account;
		if (!denied.includes(record.route)) return;
		const message = `Permission denied: this API key has no right to ${record.route}`;
		throw new ApiError(403, message, { code: 403, message, error_code: 'PERMISSION_DENIED' });
	});
}
