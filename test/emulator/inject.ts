import type { FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { CannedResponse, FaultAction } from './faults';
import { asStream, cutAfter, throttled, type Body } from './streams';
import { isObject } from './validate';

/** Applies faults that act before the request is handled. */
export async function injectBefore(
	request: FastifyRequest,
	reply: FastifyReply,
	fault: FaultAction,
): Promise<FastifyReply | undefined> {
	if (fault === 'reset' || fault === 'stall') {
		await readToEnd(request);
		await giveNoAnswer(request, reply, fault);
		return reply.hijack();
	}
	if (typeof fault === 'string') return undefined;
	if ('delay' in fault) await Promise.race([fault.delay, closed(reply)]);
	if (!('respond' in fault)) return undefined;
	await readToEnd(request);
	return reply.send(sendCanned(reply, fault.respond));
}

/** Applies faults that change the response of a handled request. */
export async function injectAfter(
	request: FastifyRequest,
	reply: FastifyReply,
	payload: Body | null,
): Promise<Body | null> {
	const { fault } = request;
	if (fault === undefined) return payload;
	if (fault === 'resetAfterHandling' || fault === 'stallAfterHandling') {
		await giveNoAnswer(request, reply, fault);
		return null;
	}
	if (fault === 'cutBody' && payload !== null) {
		const length = lengthOf(reply, payload);
		reply.header('content-length', length);
		return Readable.from(cutAfter(asStream(payload), Math.floor(length / 2)));
	}
	if (typeof fault === 'string') return payload;
	if ('slow' in fault && payload !== null) {
		request.record.isSilent = true;
		reply.header('content-length', lengthOf(reply, payload));
		return Readable.from(throttled(asStream(payload), fault.slow.bytesPerSecond));
	}
	if ('respondAfterHandling' in fault) {
		reply.removeHeader('content-length');
		return sendCanned(reply, fault.respondAfterHandling);
	}
	if (typeof payload !== 'string' || !('patchData' in fault || 'rewrite' in fault)) return payload;
	reply.removeHeader('content-length');
	return 'rewrite' in fault ? rewrite(payload, fault.rewrite) : patchData(payload, fault.patchData);
}

function sendCanned(reply: FastifyReply, response: CannedResponse): string {
	const { body = '' } = response;
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const html = text.trimStart().startsWith('<');
	reply.code(response.status);
	reply.header('content-type', html ? 'text/html; charset=utf-8' : 'application/json');
	reply.headers(response.headers ?? {});
	return text;
}

function patchData(text: string, changes: Record<string, unknown>): string {
	const response = JSON.parse(text) as Record<string, unknown>;
	for (const [path, value] of Object.entries(changes)) {
		const names = ['data', ...path.split('.')];
		const last = names.pop() ?? '';
		const target = names.reduce<unknown>((at, name) => (isObject(at) ? at[name] : at), response);
		if (!isObject(target)) continue;
		if (value === null) delete target[last];
		else target[last] = value;
	}
	return JSON.stringify(response);
}

/** Fills the template with `data` and ID of the real response. */
function rewrite(text: string, template: unknown): string {
	const { data } = JSON.parse(text) as { data?: { id?: string } };
	return JSON.stringify(template)
		.replaceAll('"{data}"', () => JSON.stringify(data))
		.replaceAll('{id}', () => data?.id ?? '');
}

function lengthOf(reply: FastifyReply, payload: Body): number {
	if (!(payload instanceof Readable)) return Buffer.byteLength(payload);
	return Number(reply.getHeader('content-length') ?? 0);
}

async function readToEnd(request: FastifyRequest): Promise<void> {
	const { raw } = request;
	if (raw.readableEnded || raw.destroyed) return;
	let bytes = 0;
	raw.on('data', (chunk: Buffer) => (bytes += chunk.length));
	await Promise.race([once(raw, 'end'), once(raw, 'close')]).catch(() => undefined);
	if (bytes > 0) request.record.upload = { bytes };
}

/** Nothing is written before the connection is closed: by us now, or by the client in the end. */
async function giveNoAnswer(
	{ raw, record }: FastifyRequest,
	reply: FastifyReply,
	fault: string,
): Promise<void> {
	if (fault.startsWith('reset')) raw.socket.resetAndDestroy();
	else record.isSilent = true;
	await closed(reply);
}

async function closed(reply: FastifyReply): Promise<void> {
	if (!reply.raw.closed) await once(reply.raw, 'close').catch(() => undefined);
}
