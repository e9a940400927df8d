import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { FIXTURES, submitted, uploadFixture } from './api-client';
import { startEmulator, type Emulator } from './emulator';

// Rendering takes as long as the machine lets it.
jest.setTimeout(60_000);

describe('inputs of a job', () => {
	let emulator: Emulator;
	let server: Server;
	let base: string;

	beforeAll(async () => {
		emulator = await startEmulator({ jobSeconds: 0 });
		server = createServer((incoming, response) => {
			void (async () => {
				const name = incoming.url?.slice(1) ?? '';
				if (name === 'page') return response.end('<html>Sign in</html>');
				if (name.startsWith('broken'))
					return response.end(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
				const bytes = await readFile(join(FIXTURES, name)).catch(() => undefined);
				if (!bytes) response.statusCode = 404;
				return response.end(bytes);
			})();
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	});
	afterAll(async () => {
		await emulator.close();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	async function run(inputs: Record<string, string>) {
		const id = await submitted(emulator, {
			image: `${base}/pair.png`,
			left_audio: `${base}/left-tone.wav`,
			right_audio: `${base}/right-tone.wav`,
			...inputs,
		});
		await emulator.whenEnded(id);
		return emulator.predictions().at(-1)!;
	}

	it('are read from any address', async () => {
		const job = await run({});
		expect(job).toMatchObject({ status: 'completed' });
		expect(job.reads).toMatchObject([
			{ field: 'image', ok: true },
			{ field: 'left_audio', ok: true, seconds: 2.5 },
			{ field: 'right_audio', ok: true, seconds: 2 },
		]);
	});

	it('are read from another server when an option says who answers for a host', async () => {
		emulator.setOptions({ inputOrigins: { 'https://files.example': base } });
		const job = await run({ image: 'https://files.example/pair.png' });
		expect(job).toMatchObject({ status: 'completed', reads: [{ ok: true }, {}, {}] });
	});

	it('that cannot be read make the job fail with 1402', async () => {
		expect(await run({ left_audio: `${base}/nowhere.wav` })).toMatchObject({
			status: 'failed',
			code: 1402,
			error: expect.stringContaining('left_audio'),
		});
		expect(await run({ image: 'http://127.0.0.1:1/x.png' })).toMatchObject({ code: 1402 });
		expect(emulator.billing().charges.at(-1)).toMatchObject({ refunded: true });
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
		const url = await uploadFixture(emulator, 'left-tone.wav');
		const respond = { status: 404 };
		emulator.faults.add({ on: 'uploadedFile', match: { url: '/files/' }, do: { respond } });
		expect(await run({ left_audio: url })).toMatchObject({ code: 1402 });
		expect(emulator.requestsTo('uploadedFile')).toEqual([]);
	});
});
