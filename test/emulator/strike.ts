import type { FastifyReply, FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { CannedAnswer, FaultAction } from './faults';
import { asStream, cutAfter, throttled, type Body } from './streams';
import { isObject, type Fields } from './validate';
import type { World } from './world';

/** Faults that come before the request takes effect. */
export async function strikeBefore(
	world: World,
	request: FastifyRequest,
	reply: FastifyReply,
	fault: FaultAction,
): Promise<FastifyReply | undefined> {
	if (fault === 'reset') {
		await readToEnd(request);
		breakConnection(request);
		return reply.hijack();
	}
	if (fault === 'stall') {
		await readToEnd(request);
		await closed(reply);
		return reply.hijack();
	}
	if (typeof fault === 'string') return undefined;
	if ('delay' in fault) {
		await new Promise<void>((resolve) => {
			const cancel = world.clock.setTimer(resolve, fault.delay);
			reply.raw.once('close', () => {
				cancel();
				resolve();
			});
		});
	}
	if ('respond' in fault) {
		await readToEnd(request);
		const body = canned(reply, fault.respond);
		return reply.send(body);
	}
	return undefined;
}

/** Faults that change the answer of a request that has taken effect. */
export async function strikeAfter(
	request: FastifyRequest,
	reply: FastifyReply,
	payload: Body | null,
): Promise<Body | null> {
	const { fault } = request;
	if (fault === undefined) return payload;
	if (fault === 'resetAfterHandling' || fault === 'stallAfterHandling') {
		if (fault === 'resetAfterHandling') breakConnection(request);
		// Not a byte of the answer may be written before the connection is gone.
		await closed(reply);
		return null;
	}
	if (fault === 'cutBody' && payload !== null) {
		const length = lengthOf(reply, payload);
		reply.header('content-length', length);
		return Readable.from(cutAfter(asStream(payload), Math.floor(length / 2)));
	}
	if (typeof fault === 'object' && 'slow' in fault && payload !== null) {
		reply.header('content-length', lengthOf(reply, payload));
		return Readable.from(throttled(asStream(payload), fault.slow.bytesPerSecond));
	}
	if (typeof fault === 'object' && 'respondAfterHandling' in fault) {
		reply.removeHeader('content-length');
		return canned(reply, fault.respondAfterHandling);
	}
	if (typeof fault === 'object' && 'patchData' in fault && typeof payload === 'string') {
		reply.removeHeader('content-length');
		return patched(payload, fault.patchData);
	}
	return payload;
}

function canned(reply: FastifyReply, answer: CannedAnswer): string {
	const { body = '' } = answer;
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const html = text.trimStart().startsWith('<');
	reply.code(answer.status);
	reply.header('content-type', html ? 'text/html; charset=utf-8' : 'application/json');
	reply.headers(answer.headers ?? {});
	return text;
}

function patched(text: string, changes: Record<string, unknown>): string {
	const answer = JSON.parse(text) as Fields;
	for (const [path, value] of Object.entries(changes)) {
		const names = ['data', ...path.split('.')];
		const last = names.pop() ?? '';
		const target = names.reduce<unknown>((at, name) => (isObject(at) ? at[name] : at), answer);
		if (!isObject(target)) continue;
		if (value === null) delete target[last];
		else target[last] = value;
	}
	return JSON.stringify(answer);
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

async function closed(reply: FastifyReply): Promise<void> {
	if (!reply.raw.closed) await once(reply.raw, 'close').catch(() => undefined);
}

function breakConnection(request: FastifyRequest): void {
	request.raw.socket.resetAndDestroy();
}
