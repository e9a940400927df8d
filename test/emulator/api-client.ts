import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Emulator } from './emulator';
import { MODEL } from './models';

export const FIXTURES = join(__dirname, '..', 'fixtures');

export const MADE_UP_INPUTS = {
	image: 'https://example.test/pair.png',
	left_audio: 'https://example.test/left.wav',
	right_audio: 'https://example.test/right.wav',
};

/** Untyped on purpose: the tests read responses without the emulator's types. */
export interface Json {
	[key: string]: Json;
}

export interface ApiResponse {
	status: number;
	headers: Headers;
	text: string;
	/** The parsed JSON, if it was JSON. */
	json: Json;
}

async function read(response: Response): Promise<ApiResponse> {
	const { status, headers } = response;
	const text = await response.text();
	return { status, headers, text, json: /^[{[]/.test(text) ? (JSON.parse(text) as Json) : {} };
}

/** A call of the API: a POST when there is a body. */
export async function call(
	{ baseUrl, settings }: Emulator,
	path: string,
	body?: unknown,
	{ key = settings.apiKey } = {},
): Promise<ApiResponse> {
	const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
	const post = { method: 'POST', body: JSON.stringify(body), headers };
	const get = { headers: { authorization: headers.authorization } };
	const options = body === undefined ? get : post;
	return await read(await fetch(`${baseUrl}/api/v3/${path}`, options));
}

/** The `data` of a call that succeeds. */
export async function data(
	emulator: Emulator,
	path: string,
	body?: object,
	options: { key?: string } = {},
): Promise<Json> {
	const { status, text, json } = await call(emulator, path, body, options);
	if (status !== 200) throw new Error(`${status} ${text}`);
	return json['data'] as Json;
}

/** The `items` of a page. */
export async function items(
	emulator: Emulator,
	path: string,
	body: object = {},
	options: { key?: string } = {},
): Promise<Json[]> {
	const page = await data(emulator, path, { page: 1, page_size: 100, ...body }, options);
	return page['items'] as unknown as Json[];
}

export async function submit(
	emulator: Emulator,
	body: object = MADE_UP_INPUTS,
	query = '',
): Promise<ApiResponse> {
	return await call(emulator, `${MODEL}${query}`, body);
}

/** Submits, waits for the end and returns the ID. */
export async function ended(
	emulator: Emulator,
	body: object = MADE_UP_INPUTS,
	options: { query?: string; key?: string } = {},
): Promise<string> {
	const { id } = await data(emulator, `${MODEL}${options.query ?? ''}`, body, options);
	await emulator.whenEnded(String(id));
	return String(id);
}

/** Sends bytes to the address of a ticket. */
export async function put(
	ticket: Json,
	body: BodyInit,
	headers: Record<string, string> = {},
): Promise<ApiResponse> {
	const upload = ticket['upload'] as unknown as { url: string; headers: Record<string, string> };
	const all = { ...upload.headers, ...headers };
	return await read(await fetch(upload.url, { method: 'PUT', headers: all, body }));
}

/** Uploads a fixture, or other bytes, by ticket and returns the URL. */
export async function upload(
	emulator: Emulator,
	filename: string,
	bytes?: Uint8Array<ArrayBuffer>,
): Promise<string> {
	const content = bytes ?? new Uint8Array(await readFile(join(FIXTURES, filename)));
	const ticket = await data(emulator, 'media/uploads', { filename, size: content.length });
	const { status, text } = await put(ticket, content);
	if (status !== 200) throw new Error(`PUT answered ${text}`);
	return String(ticket['download_url']);
}
