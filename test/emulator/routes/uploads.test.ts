import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { startEmulator, type Emulator } from '../emulator';
import { call, data, put, type Json } from '../api-client';

let emulator: Emulator;
let wav: Json;
const WAV = { filename: 'left voice.wav', size: 5, content_type: 'audio/wav' };

beforeEach(async () => {
	emulator = await startEmulator();
	wav = await data(emulator, 'media/uploads', WAV);
});
afterEach(async () => await emulator.close());

it('a ticket takes its bytes once, which are served whole and in parts without their name', async () => {
	expect(wav['upload']).toMatchObject({ headers: { 'If-None-Match': '*' }, method: 'PUT' });
	const address = String(wav['download_url']);
	expect(address).toMatch(/\/media\/[0-9a-f]{32}\/audios\/\d{19}_[0-9a-z]{8}\.wav$/);
	expect((await fetch(address)).status).toBe(404);
	expect((await put(wav, 'hello')).status).toBe(200);
	expect((await put(wav, 'hello')).status).toBe(412);
	const sha256 = createHash('sha256').update('hello').digest('hex');
	expect(emulator.uploads()).toMatchObject([{ fileName: WAV.filename, bytes: 5, sha256 }]);
	const part = await fetch(address, { headers: { range: 'bytes=1-3' } });
	expect([part.status, await part.text()]).toEqual([206, 'ell']);
	const whole = await fetch(address);
	expect([whole.headers.get('content-length'), await whole.text()]).toEqual(['5', 'hello']);
});

it('no ticket is given for more than 200 MiB', async () => {
	const body = { ...WAV, size: 200 * 1024 * 1024 + 1 };
	expect((await call(emulator, 'media/uploads', body)).status).toBe(413);
});

it.each<[string, number, BodyInit, Record<string, string>]>([
	['another content type', 403, 'hello', { 'Content-Type': 'audio/mpeg' }],
	['another If-None-Match', 403, 'hello', { 'If-None-Match': 'x' }],
	['an Authorization header', 400, 'hello', { authorization: 'Bearer wsk_emulator_key' }],
	['another length', 400, 'hell', {}],
])('an upload with %s is refused with %d', async (_what, status, content, headers) => {
	expect((await put(wav, content, headers)).status).toBe(status);
	expect(emulator.uploads()).toEqual([]);
});

it('an upload without a length is refused with 411', async () => {
	const { url, headers } = wav['upload'] as unknown as { url: string; headers: HeadersInit };
	const body = Readable.toWeb(Readable.from([Buffer.from('hello')])) as ReadableStream;
	const options = { method: 'PUT', headers, body, duplex: 'half' };
	expect((await fetch(url, options)).status).toBe(411);
});

it('an altered or expired address is refused with 403', async () => {
	const altered = structuredClone(wav) as { upload: { url: string } } & Json;
	altered.upload.url += 'x';
	expect((await put(altered, 'hello')).status).toBe(403);
	emulator.setOptions({ clockOffsetSeconds: 15 * 60 });
	expect((await put(wav, 'hello')).status).toBe(403);
});
