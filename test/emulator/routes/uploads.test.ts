import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { request } from 'undici';
import { startEmulator, type Emulator } from '../emulator';
import { apiRequest, put, ticket, useStoppedTime, type Json } from '../api-client';

let emulator: Emulator;
let wav: Json;
const clock = useStoppedTime();
const WAV = { filename: 'left voice.wav', size: 5, content_type: 'audio/wav' };
const CONTENT = Buffer.from('hello');

beforeEach(async () => {
	emulator = await startEmulator();
	wav = await ticket(emulator, WAV);
});
afterEach(async () => await emulator.close());

it('a ticket takes its bytes once, which are served whole and in parts without their name', async () => {
	expect(wav['upload']).toMatchObject({ headers: { 'If-None-Match': '*' }, method: 'PUT' });
	const address = String(wav['download_url']);
	expect(address).toMatch(/\/media\/[0-9a-f]{32}\/audios\/\d{19}_[0-9a-z]{8}\.wav$/);
	expect((await request(address)).statusCode).toBe(404);
	expect((await put(wav, CONTENT)).status).toBe(200);
	expect((await put(wav, CONTENT)).status).toBe(412);
	const sha256 = createHash('sha256').update(CONTENT).digest('hex');
	expect(emulator.uploads()).toMatchObject([{ fileName: WAV.filename, bytes: 5, sha256 }]);
	const whole = await request(address);
	expect(whole).toMatchObject({ statusCode: 200, headers: { 'content-length': '5' } });
	const part = await request(address, { headers: { range: 'bytes=1-3' } });
	expect([await whole.body.text(), await part.body.text()]).toEqual(['hello', 'ell']);
});

it('no ticket is given for more than 200 MiB', async () => {
	const body = { ...WAV, size: 200 * 1024 * 1024 + 1 };
	expect((await apiRequest(emulator, 'POST', '/api/v3/media/uploads', body)).status).toBe(413);
});

it.each([
	['another content type', 403, 'hello', { 'Content-Type': 'audio/mpeg' }],
	['another If-None-Match', 403, 'hello', { 'If-None-Match': 'x' }],
	['an Authorization header', 400, 'hello', { authorization: 'Bearer wsk_emulator_key' }],
	['another length', 400, 'hell', {}],
])('an upload with %s is refused with %d', async (_what, status, content, headers) => {
	expect((await put(wav, Buffer.from(content), headers)).status).toBe(status);
	expect(emulator.uploads()).toEqual([]);
});

it('an upload without a length is refused with 411', async () => {
	const { url, headers } = wav['upload'] as unknown as { url: string; headers: object };
	const options = { method: 'PUT', headers: { ...headers } } as const;
	const response = await request(url, { ...options, body: Readable.from([CONTENT, CONTENT]) });
	expect(response.statusCode).toBe(411);
});

it('an altered or expired address is refused with 403', async () => {
	const altered = structuredClone(wav) as { upload: { url: string } } & Json;
	altered.upload.url += 'x';
	expect((await put(altered, CONTENT)).status).toBe(403);
	clock.advance(15 * 60_000);
	expect((await put(wav, CONTENT)).status).toBe(403);
});
