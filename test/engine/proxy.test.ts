/** n8n behind a proxy or firewall: what it says is not taken for what WaveSpeed says. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { Execution } from './support/execution';
import { useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

const PEM = readFileSync(join(__dirname, '../fixtures/self-signed.pem'));
const PAGE = '<html><body><h1>Access denied by policy</h1></body></html>';

function response(status: string, body: string): string {
	const head = `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${body.length}`;
	return `${head}\r\n\r\n${body}`;
}

/** Looks into the connection with a certificate of its own. */
function inspect(socket: Duplex): void {
	socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
	new TLSSocket(socket as never, { isServer: true, key: PEM, cert: PEM }).on('error', () => {});
}

describe('a proxy', () => {
	let proxy: Server;
	let asked: string[];
	let onConnect: (socket: Duplex) => void;

	beforeEach(async () => {
		asked = [];
		proxy = createServer().on('connect', ({ url = '' }, socket: Duplex) => {
			asked.push(url);
			socket.on('error', () => {});
			onConnect(socket);
		});
		await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
		process.env.HTTPS_PROXY = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	});
	afterEach(() => {
		delete process.env.HTTPS_PROXY;
		proxy.closeAllConnections();
		proxy.close();
	});

	async function run(): Promise<Execution> {
		const baseUrl = 'https://api.wavespeed.example';
		const parameters = { resource: 'account', operation: 'getBalance' };
		return await engine.run({ parameters, credential: { baseUrl } });
	}

	it('that refuses is named, not WaveSpeed', async () => {
		onConnect = (socket) => socket.end(response('403 Forbidden', PAGE));

		const { error } = await run();

		expect(error.message).toBe(
			'The response did not come from WaveSpeed\'s API (HTTP 403: "Access denied by policy") [item 1]',
		);
		expect(error.description).toMatch(/proxy or firewall .*HTTPS_PROXY and NO_PROXY/);
		expect(asked).toEqual(['api.wavespeed.example:443']);
	});

	it('that wants a password says so', async () => {
		onConnect = (socket) => socket.end(response('407 Proxy Authentication Required', ''));

		const { error } = await run();

		expect(error.message).toContain('The proxy requires a user name and password (HTTP 407)');
		expect(error.description).toMatch(/HTTPS_PROXY .*NO_PROXY/);
		expect(asked).toHaveLength(1);
	});

	it('that looks into connections: its authority is to be made known, and nothing is tried again', async () => {
		onConnect = inspect;

		const { error } = await run();

		expect(error.message).toContain('an unknown authority');
		expect(error.description).toContain('NODE_EXTRA_CA_CERTS');
		expect(asked).toHaveLength(1);
		expect(time.sleeps).toEqual([]);
	});
});

it('a login page in place of every answer is a proxy or firewall, and no refusal of WaveSpeed', async () => {
	const page = '<html><title>Sign in to the network</title></html>';
	emulator.faults.add({ on: '*', times: 'always', do: { respond: { status: 200, body: page } } });

	const { error } = await engine.run();

	expect(error.message).toContain(
		'The response did not come from WaveSpeed\'s API (HTTP 200: "Sign in to the network")',
	);
	expect(error.description).toMatch(/a proxy or firewall .*HTTPS_PROXY and NO_PROXY/);
});
