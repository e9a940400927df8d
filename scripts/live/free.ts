/** What costs nothing: the account, uploads, the price. */
import { Readable } from 'node:stream';
import { isPlainObject } from '../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { DEFAULT_MODEL } from '../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { formatUsd } from '../../nodes/WaveSpeedInfiniteTalk/shared/money';
import type { MediaFile } from '../../test/testbed/fixtures';
import { CLIPS } from './clips';
import { Different, need, NotRun } from './findings';
import type { Session } from './pass';

/** Addresses of the uploads. */
export type Urls = Record<keyof typeof CLIPS, string>;

/** Of requests without the key. */
const OUTSIDE = { authenticated: false, idleTimeoutMs: 60_000 };

/** @throws NotRun when the key is refused, or nothing answers */
export async function askFree(
	session: Session,
): Promise<{ balance: number; urls: Urls | undefined; price: number | undefined }> {
	const balance = await askAccount(session);
	const urls = await askUploads(session);
	const price = await session.findings.ask('price', async () => {
		const { blank: _blank, ...media } = need(urls, 'the files were not uploaded');
		const quote = await session.client.price(DEFAULT_MODEL.id, { ...media, order: 'meanwhile' });
		if (quote.currency !== 'USD') throw new Different(`it is in ${quote.currency}`);
		return [formatUsd(quote.price), quote.price];
	});
	await askEnvelope(session);
	return { balance, urls, price };
}

async function askAccount({ findings, client, http, account }: Session): Promise<number> {
	let balance = 0;
	await findings.ask('credential', async () => {
		const usd = await client.balance().catch((error: Error) => {
			throw new NotRun(`Nothing could be asked: ${error.message}`);
		});
		if (usd === undefined) throw new Different('there is no number');
		balance = usd;
		const { status } = await http.send({
			method: 'GET',
			url: `${account.baseUrl}/api/v3/balance`,
			headers: { Authorization: 'Bearer a-key-that-does-not-exist' },
			...OUTSIDE,
		});
		if (status !== 401) throw new Different(`a made-up key was returned HTTP ${status}`);
		return ['the balance is a number', undefined];
	});
	return balance;
}

async function askUploads(session: Session): Promise<Urls | undefined> {
	const { findings } = session;
	const urls = await findings.ask('upload', async () => {
		const names = Object.keys(CLIPS) as Array<keyof typeof CLIPS>;
		const found = names.map(async (name) => [name, await upload(session, CLIPS[name])] as const);
		return [`${names.length} files`, Object.fromEntries(await Promise.all(found)) as Urls];
	});
	await findings.ask('upload-again', async () => {
		const { left_audio: url } = need(urls, 'nothing was uploaded');
		const { status, bytes } = await download(session, url);
		if (status !== 200) throw new Different(`HTTP ${status}`);
		if (!bytes.equals(CLIPS.left_audio.content)) throw new Different('it has another content');
		return ['byte by byte', undefined];
	});
	return urls;
}

async function upload({ client, http }: Session, { content, ...file }: MediaFile): Promise<string> {
	const ticket = await client.uploadTicket({ ...file, size: content.length });
	const { status } = await http.send({
		method: 'PUT',
		url: ticket.putUrl,
		headers: ticket.headers,
		body: { size: content.length, open: async () => Readable.from([content]) },
		...OUTSIDE,
	});
	if (status >= 300) throw new Different(`the PUT of ${file.name} was returned HTTP ${status}`);
	return ticket.downloadUrl;
}

/** Without the key. */
export async function download({ http }: Session, url: string) {
	return await http.fetch({ method: 'GET', url, ...OUTSIDE });
}

async function askEnvelope({ findings, http }: Session): Promise<void> {
	await findings.ask('envelope', async () => {
		const successes = http.exchanges.filter(
			({ response, status = 0 }) => response !== undefined && status >= 200 && status < 300,
		);
		const other = successes.find(
			({ response }) => !isPlainObject(response) || response.code !== 200,
		);
		if (other) throw new Different(`${other.path} has another code`);
		return [`in ${successes.length} responses`, undefined];
	});
}
