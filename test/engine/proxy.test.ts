/** n8n behind a proxy or firewall: what it says is not taken for what WaveSpeed says. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

const PEM = readFileSync(join(__dirname, '../fixtures/self-signed.pem'));
const PAGE = '<html><body><h1>Access denied by policy</h1></body></html>';

const answer =
	(status: string, body = '') =>
	(socket: Duplex) => {
		const head = `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}`;
		socket.end(`${head}\r\n\r\n${body}`);
	};

/** Looks into the connection with a certificate of its own. */
function inspect(socket: Duplex): void {
	socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
	new TLSSocket(socket as never, { isServer: true, key: PEM, cert: PEM }).on('error', () => {});
}

describe('a proxy', () => {
	let proxy: Server;

	beforeEach(async () => {
		proxy = createServer();
		await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
		process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	});
	afterEach(() => {
		delete process.env.HTTPS_PROXY;
		proxy.closeAllConnections();
		proxy.close();
	});

	it.each([
		[
			'that refuses is named, not WaveSpeed',
			answer('403 Forbidden', PAGE),
			/^The response did not come from WaveSpeed's API \(HTTP 403: "Access denied by policy"\) \[item 1\] .*proxy or firewall .*HTTPS_PROXY and NO_PROXY/,
		],
		[
			'that wants a password says so',
			answer('407 Proxy Authentication Required'),
			/^The proxy requires a user name and password \(HTTP 407\).*HTTPS_PROXY .*NO_PROXY/,
		],
		[
			'that looks into connections: its authority is to be made known',
			inspect,
			/an unknown authority.* NODE_EXTRA_CA_CERTS/,
		],
	])('%s, and nothing is tried again', async (_what, onConnect, says) => {
		const asked: unknown[] = [];
		proxy.on('connect', ({ url }, socket: Duplex) => {
			asked.push(url);
			socket.on('error', () => {});
			onConnect(socket);
		});

		const { failure } = await engine.run({
			parameters: { resource: 'account', operation: 'getBalance' },
			credential: { baseUrl: 'https://api.wavespeed.example' },
		});

		expect(failure).toMatch(says);
		expect(asked).toEqual(['api.wavespeed.example:443']);
		expect(time.sleeps).toEqual([]);
	});
});

it('a login page in place of every answer is a proxy or firewall, and no refusal of WaveSpeed', async () => {
	const page = '<html><title>Sign in to the network</title></html>';
	emulator.faults.add({ on: '*', times: 'always', do: { respond: { status: 200, body: page } } });

	const { failure } = await engine.run();

	expect(failure).toMatch(
		/The response did not come from WaveSpeed's API \(HTTP 200: "Sign in to the network"\).* a proxy or firewall .*HTTPS_PROXY and NO_PROXY/,
	);
});
