import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { request } from 'undici';
import { startEmulator, type Emulator } from '../emulator';
import { apiRequest, put, ticket, useStoppedTime, type Json } from '../api-client';

let emulator: Emulator;
const clock = useStoppedTime();
const WAV = { filename: 'left voice.wav', size: 5, content_type: 'audio/wav' };

beforeEach(async () => {
	emulator = await startEmulator();
});
afterEach(async () => await emulator.close());

describe('the ticket upload', () => {
	it('gives a ticket, and takes exactly those bytes', async () => {
		const data = await ticket(emulator, WAV);
		expect(data).toMatchObject({
			type: 'audio',
			filename: 'left voice.wav',
			size: 5,
			upload: { method: 'PUT', headers: { 'Content-Type': 'audio/wav', 'If-None-Match': '*' } },
		});
		const { expires_at: expires, url } = data['upload']!;
		expect(Date.parse(String(expires)) - clock.now()).toBe(15 * 60_000);
		expect(String(url)).toContain(emulator.origins.storage);
		expect((await put(data, Buffer.from('hello'))).status).toBe(200);

		const sha256 = createHash('sha256').update('hello').digest('hex');
		expect(emulator.uploads()).toMatchObject([
			{
				via: 'ticket',
				fileName: 'left voice.wav',
				bytes: 5,
				sha256,
				downloadUrl: data['download_url'],
			},
		]);
		expect(emulator.requestsTo('put')[0]).toMatchObject({ upload: { bytes: 5, sha256 } });
	});

	it('serves the file, whole and in parts, at an address without its name', async () => {
		const data = await ticket(emulator, WAV);
		const address = String(data['download_url']);
		expect(address).toMatch(/\/media\/[0-9a-f]{32}\/audios\/\d{19}_[0-9a-z]{8}\.wav$/);
		expect((await request(address)).statusCode).toBe(404);
		await put(data, Buffer.from('hello'));
		const whole = await request(address);
		expect(whole).toMatchObject({ statusCode: 200, headers: { 'content-length': '5' } });
		expect(await whole.body.text()).toBe('hello');
		const part = await request(address, { headers: { range: 'bytes=1-3' } });
		expect(part.statusCode).toBe(206);
		expect(await part.body.text()).toBe('ell');
	});

	it('refuses what is too large', async () => {
		const body = { ...WAV, size: 200 * 1024 * 1024 + 1 };
		expect((await apiRequest(emulator, 'POST', '/api/v3/media/uploads', body)).status).toBe(413);
	});

	it('answers a second PUT with 412', async () => {
		const data = await ticket(emulator, WAV);
		await put(data, Buffer.from('hello'));
		expect((await put(data, Buffer.from('hello'))).status).toBe(412);
		expect(emulator.tickets()).toMatchObject([{ used: true }]);
	});

	it.each([
		['another content type', 403, { 'Content-Type': 'audio/mpeg' }],
		['another If-None-Match', 403, { 'If-None-Match': 'x' }],
		['an Authorization header', 400, { authorization: 'Bearer wsk_emulator_key' }],
	])('refuses %s with %d', async (_what, status, headers) => {
		const data = await ticket(emulator, WAV);
		expect((await put(data, Buffer.from('hello'), headers)).status).toBe(status);
		expect(emulator.requestsTo('put')[0]!.headers).toMatchObject(
			Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toLowerCase(), v])),
		);
		expect(emulator.uploads()).toEqual([]);
	});

	it('refuses another length than the one in the ticket', async () => {
		const data = await ticket(emulator, WAV);
		expect((await put(data, Buffer.from('hell'))).status).toBe(400);
		const chunked = await request(String(data['upload']!['url']), {
			method: 'PUT',
			headers: { 'Content-Type': 'audio/wav', 'If-None-Match': '*' },
			body: Readable.from(
				(async function* () {
					yield Buffer.from('hello');
				})(),
			),
		});
		expect(chunked.statusCode).toBe(411);
	});

	it('refuses an expired or altered URL with 403', async () => {
		const data = await ticket(emulator, WAV);
		const altered = structuredClone(data) as Json;
		const url = `${String(data['upload']!['url'])}x` as unknown as Json;
		altered['upload']!['url'] = url;
		expect((await put(altered, Buffer.from('hello'))).status).toBe(403);
		clock.advance(15 * 60_000);
		expect((await put(data, Buffer.from('hello'))).status).toBe(403);
	});
});
