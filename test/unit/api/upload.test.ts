/** The two ways to upload a file: with a ticket, and in one step. */
import { describe, expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { ONE_STEP_URL, TICKET_URL, createSuccess, freshApi } from '../support/api';
import { apiErrorOf } from '../support/failures';

const { http, client } = freshApi();

describe('an upload ticket', () => {
	const TICKET = {
		type: 'audio',
		download_url: 'https://files.example/left.wav',
		upload: {
			method: 'PUT',
			url: 'https://storage.example/put?sig=1',
			headers: { 'Content-Type': 'audio/wav', 'If-None-Match': '*' },
		},
	};
	const READ = {
		putUrl: TICKET.upload.url,
		headers: TICKET.upload.headers,
		downloadUrl: TICKET.download_url,
	};
	const withUpload = (more: object) => ({ ...TICKET, upload: { ...TICKET.upload, ...more } });
	const ask = async (data: unknown, type?: string) => {
		http.on('POST', TICKET_URL, createSuccess(data));
		return await client.uploadTicket({
			name: 'left.wav',
			size: 3,
			...(type !== undefined && { type }),
		});
	};

	it('is asked for with name and size, and with the type where it is known', async () => {
		expect(await ask(TICKET, 'audio/wav')).toEqual(READ);
		await ask(TICKET, '');
		const file = { filename: 'left.wav', size: 3 };
		expect(http.json()).toEqual([{ ...file, content_type: 'audio/wav' }, file]);
	});

	it.each<[string, unknown, object]>([
		['name PUT in small letters', withUpload({ method: 'put' }), {}],
		['name no method', withUpload({ method: undefined }), {}],
		['have no headers', withUpload({ headers: undefined }), { headers: {} }],
		[
			'have headers that cannot be sent as text, which are left out',
			withUpload({ headers: { a: 'x', b: 1, c: true, d: null, e: { toString: 1 }, f: ['x'] } }),
			{ headers: { a: 'x', b: '1', c: 'true' } },
		],
		['call the address "url"', { upload: TICKET.upload, url: READ.downloadUrl }, {}],
	])('may %s', async (_what, data, read) => {
		expect(await ask(data)).toEqual({ ...READ, ...read });
	});

	it.each([
		['without upload', { ...TICKET, upload: undefined }],
		['without an address', withUpload({ url: undefined })],
		['without a download address', { ...TICKET, download_url: '', url: 7 }],
		['that is null', null],
	])('%s is refused', async (_what, data) => {
		const message = 'WaveSpeed returned no upload URL';
		const details = { notProcessed: false };
		expect(await apiErrorOf(ask(data))).toMatchObject({ kind: 'unreadable', message, details });
	});

	it.each(['POST', 'DELETE'])('for %s is refused', async (method) => {
		expect(await apiErrorOf(ask(withUpload({ method })))).toMatchObject({
			kind: 'refused',
			message: `WaveSpeed asked for an upload by ${method}, which this node does not support`,
			details: { notProcessed: false },
		});
	});
});

describe('the one-step upload', () => {
	const form = { body: { size: 2, open: async () => Readable.from('ab') }, contentType: 'x/form' };
	const upload = async (data: unknown) => {
		http.on('POST', ONE_STEP_URL, createSuccess(data));
		return await client.uploadOneStep(form, { idleTimeoutMs: 60_000 });
	};

	it.each([
		[{ download_url: 'https://f/1', url: 'https://f/2' }, 'https://f/1'],
		[{ url: 'https://f/2' }, 'https://f/2'],
	])('sends the form with the key, and is answered with the address in %j', async (data, url) => {
		expect(await upload(data)).toBe(url);
		expect(http.requests[0]).toMatchObject({
			...{ authenticated: true, headers: { 'Content-Type': 'x/form' } },
			...{ announced: 2, text: 'ab', idleTimeoutMs: 60_000 },
		});
		expect(http.requests[0]).not.toHaveProperty('timeoutMs');
	});

	it.each([null, {}, { download_url: '' }, { download_url: 7 }])(
		'refuses the answer %j',
		async (data) => {
			expect((await apiErrorOf(upload(data))).kind).toBe('unreadable');
		},
	);
});
