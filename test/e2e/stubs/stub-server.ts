import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Response } from 'undici';

/** A request that a stand-in got. */
export interface Received {
	readonly method: string;
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: Readonly<Record<string, string | undefined>>;
	readonly body: Buffer;
}

export interface Reply {
	readonly status?: number;
	readonly type?: string;
	readonly body: string | Buffer | object;
}

/** A server on the loopback interface in place of a service on the internet. */
export interface StubServer {
	/** Address without a slash at the end. */
	readonly url: string;
	/** The oldest first. */
	readonly received: Received[];
	close(): Promise<void>;
}

export async function startStub(answer: (request: Received) => Reply): Promise<StubServer> {
	const received: Received[] = [];
	const server = createServer((incoming, outgoing) => {
		void read(incoming).then((request) => {
			received.push(request);
			const { status = 200, type, body } = answer(request);
			const plain = typeof body === 'string' || Buffer.isBuffer(body);
			outgoing
				.writeHead(status, { 'content-type': type ?? (plain ? 'text/plain' : 'application/json') })
				.end(plain ? body : JSON.stringify(body));
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		received,
		async close() {
			const closed = new Promise((resolve) => server.close(resolve));
			server.closeAllConnections();
			await closed;
		},
	};
}

/** A file of a request that a form sent. */
export interface SentFile {
	readonly name: string;
	readonly type: string;
	readonly content: Buffer;
}

/** The texts and the files of a multipart request. */
export async function readForm({ headers, body }: Received): Promise<{
	texts: Record<string, string>;
	files: Record<string, SentFile>;
}> {
	const type = headers['content-type'] ?? '';
	const form = await new Response(body, { headers: { 'content-type': type } }).formData();
	const texts: Record<string, string> = {};
	const files: Record<string, SentFile> = {};
	for (const [field, value] of form) {
		if (typeof value === 'string') texts[field] = value;
		else {
			const content = Buffer.from(await value.arrayBuffer());
			files[field] = { name: value.name, type: value.type, content };
		}
	}
	return { texts, files };
}

async function read(incoming: IncomingMessage): Promise<Received> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
	const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
	return {
		method: incoming.method ?? '',
		path: pathname,
		query: searchParams,
		headers: Object.fromEntries(headers) as Record<string, string>,
		body: Buffer.concat(chunks),
	};
}
