import { afterEach, beforeEach, jest } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import type { Emulator } from './emulator';
import { MODEL } from './models';

export const FIXTURES = join(__dirname, '..', 'fixtures');

/** Stops time for the tests of a file; it goes on only by `advance`. */
export function useStoppedTime() {
	let now = 0;
	beforeEach(() => {
		now = Date.UTC(2026, 0, 1);
		jest.spyOn(Date, 'now').mockImplementation(() => now);
	});
	afterEach(() => {
		jest.restoreAllMocks();
	});
	return {
		now: () => now,
		advance(ms: number) {
			now += ms;
		},
	};
}

export interface ApiResponse {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	text: string;
	/** The parsed JSON, if it was JSON. */
	json: Json;
}

/** Untyped on purpose: the tests read responses without the emulator's types. */
export interface Json {
	[key: string]: Json;
}

export async function apiRequest(
	emulator: Emulator,
	method: 'GET' | 'POST' | 'DELETE',
	path: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<ApiResponse> {
	const response = await request(path.startsWith('http') ? path : `${emulator.baseUrl}${path}`, {
		method,
		headers: {
			authorization: `Bearer ${emulator.settings.apiKey}`,
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
	});
	return await read(response);
}

async function read(response: Awaited<ReturnType<typeof request>>): Promise<ApiResponse> {
	const text = await response.body.text();
	let json: Json = {};
	try {
		json = JSON.parse(text) as Json;
	} catch {
		// Not every response is JSON; `text` has the others.
	}
	return { status: response.statusCode, headers: response.headers, text, json };
}

export const MADE_UP_INPUTS = {
	image: 'https://example.test/pair.png',
	left_audio: 'https://example.test/left.wav',
	right_audio: 'https://example.test/right.wav',
};

export async function submit(
	emulator: Emulator,
	body: object = MADE_UP_INPUTS,
	query = '',
): Promise<ApiResponse> {
	return await apiRequest(emulator, 'POST', `/api/v3/${MODEL}${query}`, body);
}

/** Submits and returns the ID. */
export async function submitted(emulator: Emulator, body?: object, query = ''): Promise<string> {
	const response = await submit(emulator, body, query);
	if (response.status !== 200) throw new Error(`Submit answered ${response.text}`);
	return String(response.json['data']?.['id']);
}

/** Submits, waits for the end and returns the ID. */
export async function ended(emulator: Emulator, body?: object, query = ''): Promise<string> {
	const id = await submitted(emulator, body, query);
	await emulator.whenEnded(id);
	return id;
}

/** The `data` of a successful POST below /api/v3/. */
export async function postData(emulator: Emulator, path: string, body: object): Promise<Json> {
	const response = await apiRequest(emulator, 'POST', `/api/v3/${path}`, body);
	if (response.status !== 200) throw new Error(`${response.status} ${response.text}`);
	return response.json['data'] as Json;
}

/** The `items` of a page. */
export async function items(emulator: Emulator, path: string, body: object = {}): Promise<Json[]> {
	const page = await postData(emulator, path, { page: 1, page_size: 100, ...body });
	return page['items'] as unknown as Json[];
}

export async function result(emulator: Emulator, id: string): Promise<ApiResponse> {
	return await apiRequest(emulator, 'GET', `/api/v3/predictions/${id}/result`);
}

export async function ticket(emulator: Emulator, body: object): Promise<Json> {
	return await postData(emulator, 'media/uploads', body);
}

export async function put(
	data: Json,
	bytes: Uint8Array,
	headers: Record<string, string> = {},
): Promise<ApiResponse> {
	const upload = data['upload'] as Json;
	const wanted = upload['headers'] as unknown as Record<string, string>;
	const response = await request(String(upload['url']), {
		method: 'PUT',
		headers: { ...wanted, ...headers },
		body: bytes,
	});
	return await read(response);
}

/** Uploads a fixture by ticket and returns its download URL. */
export async function uploadFixture(emulator: Emulator, name: string): Promise<string> {
	return await uploadBytes(emulator, await readFile(join(FIXTURES, name)), name);
}

/** Uploads bytes by ticket and returns their download URL. */
export async function uploadBytes(
	emulator: Emulator,
	bytes: Uint8Array,
	name: string,
): Promise<string> {
	const content_type = name.endsWith('.png') ? 'image/png' : 'audio/wav';
	const data = await ticket(emulator, { filename: name, size: bytes.length, content_type });
	const response = await put(data, bytes);
	if (response.status !== 200) throw new Error(`PUT answered ${response.text}`);
	return String(data['download_url']);
}
