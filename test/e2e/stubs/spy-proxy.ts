import { startStub, type StubServer } from '../../fixtures/stub-server';

export interface SpyProxy extends StubServer {
	/** Hosts (with port) that somebody wanted to reach through it; nobody gets through. */
	readonly wanted: readonly string[];
}

/** A proxy that lets nothing through and remembers what was asked for. */
export async function startSpyProxy(): Promise<SpyProxy> {
	const wanted: string[] = [];
	const stub = await startStub(({ target }) => {
		wanted.push(target);
		return { status: 502, body: '' };
	});
	stub.server.on('connect', (request, socket) => {
		wanted.push(request.url ?? '');
		socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
	});
	return { ...stub, wanted };
}
