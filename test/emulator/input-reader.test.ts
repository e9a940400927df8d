import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startStub, type StubServer } from '../fixtures/stub-server';
import { ended, FIXTURES, result } from './api-client';
import { startEmulator, type Emulator } from './emulator';

// Rendering takes as long as the machine lets it.
jest.setTimeout(60_000);

describe('inputs of a job', () => {
	let emulator: Emulator;
	let server: StubServer;
	let base: string;

	beforeAll(async () => {
		emulator = await startEmulator({ jobSeconds: 0 });
		const files: Record<string, string | Buffer> = {
			page: '<html>Sign in</html>',
			'broken.png': Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
		};
		for (const name of ['pair.png', 'left-tone.wav', 'right-tone.wav']) {
			files[name] = await readFile(join(FIXTURES, name));
		}
		server = await startStub(({ path }) => {
			const body = files[path.slice(1)];
			return body === undefined ? { status: 404, body: '' } : { body };
		});
		base = server.url;
	});
	afterAll(async () => {
		await emulator.close();
		await server.close();
	});

	async function run(inputs: Record<string, string>) {
		const id = await ended(emulator, {
			image: `${base}/pair.png`,
			left_audio: `${base}/left-tone.wav`,
			right_audio: `${base}/right-tone.wav`,
			...inputs,
		});
		return (await result(emulator, id)).json['data']!;
	}

	it('are read from any address', async () => {
		const job = await run({});
		expect(job).toMatchObject({ status: 'completed' });
	});

	it('are read from another server when an option says who answers for a host', async () => {
		emulator.setOptions({ inputOrigins: { 'https://files.example': base } });
		const job = await run({ image: 'https://files.example/pair.png' });
		expect(job).toMatchObject({ status: 'completed' });
	});

	it('that cannot be read make the job fail with 1402', async () => {
		expect(await run({ left_audio: `${base}/nowhere.wav` })).toMatchObject({
			status: 'failed',
			code: 1402,
			error: expect.stringContaining('left_audio'),
		});
		expect(await run({ image: 'http://127.0.0.1:1/x.png' })).toMatchObject({ code: 1402 });
		expect(emulator.billing()).toMatchObject({ refunded: 2 });
	});

	it('that are something else make the job fail with 1401', async () => {
		expect(await run({ image: `${base}/page` })).toMatchObject({ status: 'failed', code: 1401 });
		const job = await run({ right_audio: `${base}/pair.png` });
		expect(job).toMatchObject({ code: 1401, error: expect.stringContaining('right_audio') });
	});

	it('that are broken make the job fail with 1403', async () => {
		expect(await run({ image: `${base}/broken.png` })).toMatchObject({ code: 1403 });
	});

	it('whose upload is gone make the job fail with 1402', async () => {
		const url = `${emulator.origins.storage}/files/0a/left.wav`;
		const job = await run({ left_audio: url });
		expect(job).toMatchObject({ code: 1402, error: expect.stringContaining('HTTP 404') });
	});
});
