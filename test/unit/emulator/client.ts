import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import type { Emulator } from '../../emulator/emulator';
import { MODEL } from '../../emulator/pricing';

export const FIXTURES = join(__dirname, '..', '..', 'fixtures');

export interface Answer {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	text: string;
	/** The parsed JSON, if it was JSON. */
	json: Json;
}

/** Loose on purpose: these tests read answers as a stranger would. */
export interface Json {
	[key: string]: Json;
}

export async function call(
	emulator: Emulator,
	method: 'GET' | 'POST' | 'DELETE',
	path: string,
	body?: unknown,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const answer = await request(path.startsWith('http') ? path : `${emulator.baseUrl}${path}`, {
		method,
		headers: {
			authorization: `Bearer ${emulator.settings.apiKey}`,
			...(body === undefined ? {} : { 'content-type': 'application/json' }),
			...headers,
		},
		body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
	});
	return await read(answer);
}

async function read(answer: Awaited<ReturnType<typeof request>>): Promise<Answer> {
	const text = await answer.body.text();
	let json: Json = {};
	try {
		json = JSON.parse(text) as Json;
	} catch {
		// Not every answer is JSON; the text is there for the others.
	}
	return { status: answer.statusCode, headers: answer.headers, text, json };
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
): Promise<Answer> {
	return await call(emulator, 'POST', `/api/v3/${MODEL}${query}`, body);
}

/** Submits and gives the id. */
export async function submitted(emulator: Emulator, body?: object, query = ''): Promise<string> {
	const answer = await submit(emulator, body, query);
	if (answer.status !== 200) throw new Error(`Submit answered ${answer.text}`);
	return String(answer.json['data']?.['id']);
}

export async function result(emulator: Emulator, id: string): Promise<Answer> {
	return await call(emulator, 'GET', `/api/v3/predictions/${id}/result`);
}

export async function ticket(emulator: Emulator, body: object): Promise<Json> {
	const answer = await call(emulator, 'POST', '/api/v3/media/uploads', body);
	if (answer.status !== 200) throw new Error(`Ticket answered ${answer.text}`);
	return answer.json['data'] as Json;
}

export async function put(
	data: Json,
	bytes: Uint8Array,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const upload = data['upload'] as Json;
	const wanted = upload['headers'] as unknown as Record<string, string>;
	const answer = await request(String(upload['url']), {
		method: 'PUT',
		headers: { ...wanted, ...headers },
		body: bytes,
	});
	return await read(answer);
}

/** Uploads a fixture by ticket and gives its download URL. */
export async function uploadFixture(emulator: Emulator, name: string): Promise<string> {
	const bytes = await readFile(join(FIXTURES, name));
	const contentType = name.endsWith('.png') ? 'image/png' : 'audio/wav';
	const data = await ticket(emulator, {
		filename: name,
		size: bytes.length,
		content_type: contentType,
	});
	const answer = await put(data, bytes);
	if (answer.status !== 200) throw new Error(`PUT answered ${answer.text}`);
	return String(data['download_url']);
}
