import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SpyProxy {
	/** Address without a slash at the end. */
	readonly url: string;
	/** Hosts (with port) that somebody wanted to reach through it; nobody gets through. */
	readonly wanted: readonly string[];
	close(): Promise<void>;
}

/** A proxy that lets nothing through and remembers what was asked for. */
export async function startSpyProxy(): Promise<SpyProxy> {
	const wanted: string[] = [];
	const server = createServer((request, answer) => {
		wanted.push(request.url ?? '');
		answer.writeHead(502).end();
	});
	server.on('connect', (request, socket) => {
		wanted.push(request.url ?? '');
		socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		wanted,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
