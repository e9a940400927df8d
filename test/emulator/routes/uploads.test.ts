import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { FormData, request } from 'undici';
import { startEmulator, type Emulator } from '../emulator';
import { apiRequest, FIXTURES, put, ticket, useStoppedTime, type Json } from '../api-client';

let emulator: Emulator;
const clock = useStoppedTime();
const WAV = { filename: 'left voice.wav', size: 5, content_type: 'audio/wav' };

beforeEach(async () => {
	emulator = await startEmulator();
});
afterEach(async () => await emulator.close());

async function oneStep(part: string, bytes: Buffer<ArrayBuffer>, name = 'pair.png'): Promise<Json> {
	const form = new FormData();
	form.set(part, new Blob([bytes], { type: 'image/png' }), name);
	const response = await request(`${emulator.baseUrl}/api/v3/media/upload/binary`, {
		method: 'POST',
		headers: { authorization: 'Bearer wsk_emulator_key' },
		body: form,
	});
	return { status: response.statusCode, body: await response.body.json() } as unknown as Json;
}

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

	it('leaves the content type out of the headers when it was not given', async () => {
		const data = await ticket(emulator, { filename: 'a.bin', size: 1 });
		expect(data['type']).toBe('other');
		expect(data['upload']!['headers']).toEqual({ 'If-None-Match': '*' });
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

	it('does not count an upload that was broken off, and lets it be repeated', async () => {
		const size = 1_000_000;
		const data = await ticket(emulator, { filename: 'a.wav', size });
		const controller = new AbortController();
		const broken = request(String(data['upload']!['url']), {
			method: 'PUT',
			headers: { 'If-None-Match': '*', 'content-length': String(size) },
			signal: controller.signal,
			body: Readable.from(
				(async function* () {
					yield Buffer.alloc(1000);
					await emulator.until(() => emulator.requestsTo('put').length === 1);
					controller.abort();
					await new Promise(() => undefined);
				})(),
			),
		});
		await expect(broken).rejects.toThrow();
		await emulator.until(() => emulator.requestsTo('put')[0]?.aborted === true);
		expect(emulator.uploads()).toEqual([]);
		expect((await put(data, Buffer.alloc(size))).status).toBe(200);
	});

	it('may not name the Content-Type, and then refuses one', async () => {
		emulator.setOptions({ ticketContentType: false });
		const data = await ticket(emulator, WAV);
		expect(data['upload']!['headers']).toEqual({ 'If-None-Match': '*' });
		const form = { 'content-type': 'application/x-www-form-urlencoded' };
		expect((await put(data, Buffer.from('hello'), form)).status).toBe(403);
		expect((await put(data, Buffer.from('hello'))).status).toBe(200);
	});

	it('counts without keeping when told to discard', async () => {
		emulator.setOptions({ storeUploads: 'discard' });
		const bytes = Buffer.concat([await readFile(join(FIXTURES, 'left-tone.wav')), Buffer.alloc(9)]);
		const size = bytes.length;
		const data = await ticket(emulator, { filename: 'a.wav', size });
		await put(data, bytes);
		expect(emulator.uploads()).toMatchObject([{ bytes: size, kind: 'audio', seconds: 2.5 }]);
		expect(emulator.uploads()[0]).not.toHaveProperty('path');
	});

	it('counts simultaneous requests', async () => {
		const all = await Promise.all([1, 2, 3].map(async () => await ticket(emulator, WAV)));
		emulator.faults.add({ on: 'put', times: 3, do: { slowRead: { bytesPerSecond: 100 } } });
		await Promise.all(all.map(async (data) => await put(data, Buffer.from('hello'))));
		expect(emulator.peak('put')).toBe(3);
		expect(emulator.peak('download')).toBe(0);
	});
});

describe('the one-step upload', () => {
	it('takes one part named file', async () => {
		const bytes = await readFile(join(FIXTURES, 'pair.png'));
		const { status, body } = await oneStep('file', Buffer.from(bytes));
		expect(status).toBe(200);
		expect(body!['data']).toMatchObject({
			type: 'image',
			filename: 'pair.png',
			size: bytes.length,
		});
		const [file] = emulator.uploads();
		expect(file).toMatchObject({ via: 'oneStep', bytes: bytes.length, kind: 'image' });
		expect(file!.downloadUrl).toBe(body!['data']!['download_url']);
		expect(emulator.requestsTo('oneStep')[0]!.upload).toMatchObject({ fileName: 'pair.png' });
	});

	it('refuses another part name, an empty file, another form, and too much', async () => {
		expect((await oneStep('image', Buffer.from('x')))['status']).toBe(400);
		expect((await oneStep('file', Buffer.alloc(0)))['status']).toBe(400);
		const json = await apiRequest(emulator, 'POST', '/api/v3/media/upload/binary', { file: 'x' });
		expect(json.status).toBe(400);
		emulator.setOptions({ uploadLimitBytes: 1000 });
		expect((await oneStep('file', Buffer.alloc(1001)))['status']).toBe(413);
		expect(emulator.uploads()).toEqual([]);
	});
});
