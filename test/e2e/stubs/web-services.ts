import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { startStub, type Received, type StubServer } from '../../fixtures/stub-server';
import { fixture, type MediaFile } from '../../testbed';

/** A stand-in for a service that examples use. */
export interface ServiceStub extends StubServer {
	/** The credential with which n8n reaches it: its type, and what it holds. */
	readonly credential: readonly [type: string, data: Record<string, unknown>];
	/** The address that examples name, if the credential does not hold one. */
	readonly instead?: string;
}

interface Speech extends ServiceStub {
	/** What was spoken, in the order of the requests. */
	lines(): Array<{ voice: string; text: string }>;
}

/**
 * ElevenLabs: says any text with the one sound that a voice has. Refuses what the real one refuses:
 * another key, no text, an unknown voice.
 *
 * @param voices fixtures by the ID of their voice
 */
export async function startSpeech(voices: Readonly<Record<string, string>>): Promise<Speech> {
	const apiKey = `sk_${randomUUID()}`;
	const stub = await startStub(({ method, path: address, headers, body }) => {
		const voice = /^\/v1\/text-to-speech\/(\w+)$/.exec(address)?.[1] ?? '';
		const file = voices[voice];
		if (headers['xi-api-key'] !== apiKey) return { status: 401, body: 'invalid_api_key' };
		if (method !== 'POST' || file === undefined) return { status: 404, body: 'voice_not_found' };
		if (!jsonOf(body).text) return { status: 422, body: 'no text' };
		return { type: 'audio/wav', body: fixture(file).content };
	});
	return {
		...stub,
		credential: ['httpHeaderAuth', { name: 'xi-api-key', value: apiKey }],
		instead: 'https://api.elevenlabs.io',
		lines: () =>
			stub.received.map(({ path: address, body }) => ({
				voice: path.basename(address),
				text: jsonOf(body).text ?? '',
			})),
	};
}

interface Storage extends ServiceStub {
	/** Type and content of the files that were stored, by bucket and name. */
	readonly stored: ReadonlyMap<string, { type: string | undefined; content: Buffer }>;
}

/** An S3-compatible storage, which believes every signature. */
export async function startS3(): Promise<Storage> {
	const stored = new Map<string, { type: string | undefined; content: Buffer }>();
	const stub = await startStub(({ method, path: address, headers, body: content }) => {
		if (method === 'PUT') stored.set(address.slice(1), { type: headers['content-type'], content });
		return { type: 'application/xml', body: '<LocationConstraint>us-east-1</LocationConstraint>' };
	});
	const data = {
		...{ endpoint: stub.url, region: 'us-east-1', forcePathStyle: true, ignoreSSLIssues: false },
		...{ accessKeyId: 'account', secretAccessKey: 'secret' },
	};
	return { ...stub, credential: ['s3', data], stored };
}

interface Bot extends ServiceStub {
	/** Where Telegram is to send messages; undefined before the bot has said so. */
	webhook(): { url: string; secret: string } | undefined;
	/** The requests of a method. */
	sent(method: string): Received[];
}

/**
 * Telegram's Bot API for a bot that gets messages with files.
 *
 * @param files by their ID
 */
export async function startBot(files: Readonly<Record<string, MediaFile>> = {}): Promise<Bot> {
	const accessToken = `1:${randomUUID()}`;
	const bot = `/bot${accessToken}/`;
	const stub = await startStub(({ path: address, query, body }) => {
		const id = query.get('file_id') ?? jsonOf(body).file_id ?? path.basename(address);
		const file = files[id];
		if (address === `${bot}getFile` && file) return ok({ file_id: id, file_path: `media/${id}` });
		if (address === `/file${bot}media/${id}` && file) {
			return { type: file.type, body: file.content };
		}
		if (address.startsWith(bot)) return ok({ message_id: 1 });
		return { status: 404, body: { ok: false } };
	});
	const sent = (method: string) =>
		stub.received.filter(({ path: address }) => address === `${bot}${method}`);
	return {
		...stub,
		credential: ['telegramApi', { accessToken, baseUrl: stub.url }],
		sent,
		webhook() {
			const set = sent('setWebhook').at(-1);
			if (!set) return undefined;
			const { url = '', secret_token: secret = '' } = jsonOf(set.body);
			return { url, secret };
		},
	};
}

const ok = (result: object) => ({ body: { ok: true, result } });

function jsonOf(body: Buffer): Record<string, string | undefined> {
	const text = body.toString();
	return text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : {};
}
