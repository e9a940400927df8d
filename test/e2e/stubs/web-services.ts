import path from 'node:path';
import { startStub, type Received, type StubServer } from '../../fixtures/stub-server';
import { fixture, type MediaFile } from '../../testbed';

interface Speech extends StubServer {
	/** What was spoken, in the order of the requests. */
	lines(): Array<{ voice: string; text: string }>;
}

/**
 * ElevenLabs: says any text with the one sound that a voice has. Refuses what the real one refuses:
 * another key, no text, an unknown voice.
 *
 * @param voices fixtures by the ID of their voice
 */
export async function startSpeech(
	apiKey: string,
	voices: Readonly<Record<string, string>>,
): Promise<Speech> {
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
		lines: () =>
			stub.received.map(({ path: address, body }) => ({
				voice: path.basename(address),
				text: jsonOf(body).text ?? '',
			})),
	};
}

export interface Storage extends StubServer {
	/** What n8n's S3 credential holds. */
	readonly credential: Readonly<Record<string, unknown>>;
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
	const credential = {
		...{ endpoint: stub.url, region: 'us-east-1', forcePathStyle: true, ignoreSSLIssues: false },
		...{ accessKeyId: 'account', secretAccessKey: 'secret' },
	};
	return { ...stub, credential, stored };
}

interface Bot extends StubServer {
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
export async function startBot(
	token: string,
	files: Readonly<Record<string, MediaFile>> = {},
): Promise<Bot> {
	const bot = `/bot${token}/`;
	const stub = await startStub(({ path: address, query, body }) => {
		const id = query.get('file_id') ?? jsonOf(body).file_id ?? path.basename(address);
		const file = files[id];
		if (address === `${bot}getFile` && file) return ok({ file_id: id, file_path: `media/${id}` });
		if (address === `/file/bot${token}/media/${id}` && file) {
			return { type: file.type, body: file.content };
		}
		if (address.startsWith(bot)) return ok({ message_id: 1 });
		return { status: 404, body: { ok: false } };
	});
	const sent = (method: string) =>
		stub.received.filter(({ path: address }) => address === `${bot}${method}`);
	return {
		...stub,
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
