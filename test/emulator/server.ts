import Fastify, { type FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { ApiError } from './envelope';
import { injectAfter, injectBefore } from './inject';
import type { Body } from './streams';
import { concerns, faultName, type FaultAction } from './faults';
import { serverTime } from './options';
import type { OriginName, RequestRecord, RouteName } from './request-log';
import type { Emulator } from './emulator';
import { Readable } from 'node:stream';

declare module 'fastify' {
	interface FastifyContextConfig {
		name?: RouteName;
	}
	interface FastifyRequest {
		/** This request in the request log. */
		record: RequestRecord;
		fault: FaultAction | undefined;
	}
}

/** Bytes; for JSON bodies only, uploads have their own limit. */
const BODY_LIMIT = 8 * 1024 * 1024;

/** Starts a server on loopback that logs every request and applies faults. */
export async function startOrigin(
	emulator: Emulator,
	origin: OriginName,
	port: number,
	routes: (app: FastifyInstance, emulator: Emulator) => Promise<void> | void,
): Promise<FastifyInstance> {
	const app = Fastify({
		forceCloseConnections: true,
		bodyLimit: BODY_LIMIT,
		routerOptions: { maxParamLength: 500 },
	});
	app.decorateRequest('record');
	app.decorateRequest('fault', undefined);

	app.addHook('onRequest', async (request, reply) => {
		const name = request.routeOptions.config?.name ?? 'unknown';
		request.record = emulator.log.begin(origin, name, request.raw, reply.raw);
	});
	app.addHook('preHandler', async (request, reply) => {
		const { record, body } = request;
		if (body !== undefined && !(body instanceof Readable)) record.body = body;
		if (record.route === 'control') return undefined;
		const text = emulator.files.describe(record.body);
		request.fault = emulator.faults.take((rule) => concerns(rule, record, text))?.do;
		if (request.fault === undefined) return undefined;
		record.fault = faultName(request.fault);
		emulator.say(`fault ${record.fault} on ${record.route}`);
		return await injectBefore(request, reply, request.fault);
	});
	app.addHook('onSend', async (request, reply, payload) => {
		if (!reply.hasHeader('date')) {
			reply.header('date', new Date(serverTime(emulator.settings)).toUTCString());
		}
		return await injectAfter(request, reply, payload as Body | null);
	});
	app.setErrorHandler(async (error, _request, reply) => {
		const refusal =
			error instanceof ApiError ? error : new ApiError(statusOf(error), (error as Error).message);
		return reply.code(refusal.status).headers(refusal.headers).send(refusal.response);
	});
	app.setNotFoundHandler(async (_request, reply) => {
		return reply.code(404).send({ code: 404, message: 'Not found' });
	});
	await routes(app, emulator);
	await app.listen({ port, host: '127.0.0.1' });
	const { port: actual } = app.server.address() as AddressInfo;
	emulator.origins[origin] = `http://127.0.0.1:${actual}`;
	return app;
}

function statusOf(error: unknown): number {
	const { statusCode } = error as { statusCode?: unknown };
	return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500;
}
