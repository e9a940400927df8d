import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { receiveFile, type MediaFile } from './media-file';
import { serverTime, type Settings } from './options';
import { declaredKind } from './sniff';

const TICKET_SECONDS = 15 * 60;

/** What a client says of a file, and where it will be. */
export interface UploadMeta {
	fileName: string;
	contentType: string | undefined;
	downloadUrl: string;
}

export interface Ticket extends UploadMeta {
	/** Declared size in bytes. */
	size: number;
	uploadUrl: string;
	/** Headers that the PUT must carry exactly. */
	headers: Record<string, string>;
	/** Milliseconds since the epoch. */
	expiresAt: number;
	used: boolean;
}

export interface UploadedFile extends UploadMeta, MediaFile {}

/** Stores the files of both upload methods. */
export class UploadStore {
	/** By their URL. */
	private readonly tickets = new Map<string, Ticket>();
	/** By their URL. */
	private readonly files = new Map<string, UploadedFile>();

	constructor(
		private readonly settings: Settings,
		private readonly folder: string,
		/** Of the host that takes uploads, and of the one that serves them. */
		private readonly origins: Readonly<Record<'storage' | 'cdn', string>>,
	) {}

	issue(fileName: string, size: number, contentType: string | undefined): Ticket {
		const [id, signature] = [randomBytes(12).toString('hex'), randomBytes(16).toString('hex')];
		const headers: Record<string, string> = { 'If-None-Match': '*' };
		if (contentType !== undefined && this.settings.ticketContentType) {
			headers['Content-Type'] = contentType;
		}
		const ticket: Ticket = {
			...this.meta(fileName, contentType),
			size,
			uploadUrl: `${this.origins.storage}/put/${id}?X-Signature=${signature}`,
			headers,
			expiresAt: serverTime(this.settings) + TICKET_SECONDS * 1000,
			used: false,
		};
		this.tickets.set(ticket.uploadUrl, ticket);
		return ticket;
	}

	/** The ticket of an upload URL with the signature that was issued. */
	ticketFor(pathAndQuery: string): Ticket | undefined {
		return this.tickets.get(`${this.origins.storage}${pathAndQuery}`);
	}

	/** With an address of the service's own form, which does not keep the file's name. */
	meta(fileName: string, contentType: string | undefined): UploadMeta {
		const folder = `${declaredKind(fileName, contentType)}s`;
		const nanoseconds = BigInt(serverTime(this.settings)) * 1_000_000n;
		const name = `${nanoseconds}_${randomBytes(4).toString('hex')}${extname(fileName).toLowerCase()}`;
		const account = randomBytes(16).toString('hex');
		const downloadUrl = `${this.origins.cdn}/media/${account}/${folder}/${name}`;
		return { fileName, contentType, downloadUrl };
	}

	/** Stores a file, unless `check` throws. */
	async store(
		source: Readable,
		{ fileName, contentType, downloadUrl }: UploadMeta,
		check: (bytes: number) => void,
		speed: { bytesPerSecond?: number },
	): Promise<UploadedFile> {
		const name = `upload-${randomBytes(12).toString('hex')}`;
		const path = this.settings.storeUploads === 'disk' ? join(this.folder, name) : undefined;
		try {
			const received = await receiveFile(source, path, speed);
			check(received.bytes);
			const file = { fileName, contentType, downloadUrl, ...received };
			this.files.set(downloadUrl, file);
			return file;
		} catch (error) {
			if (path) await rm(path, { force: true });
			throw error;
		}
	}

	/** Whether an upload is or was at this address. */
	isOwn(url: string): boolean {
		return url.startsWith(`${this.origins.cdn}/media/`);
	}

	find(url: string): UploadedFile | undefined {
		return this.files.get(url);
	}

	/** A JSON body as text, with the names of the files behind the addresses of their uploads. */
	describe(body: unknown): string {
		return this.list().reduce(
			(text, { downloadUrl, fileName }) =>
				text.replaceAll(downloadUrl, `${downloadUrl}#${fileName}`),
			JSON.stringify(body) ?? '',
		);
	}

	list(): UploadedFile[] {
		return [...this.files.values()];
	}

	listTickets(): Ticket[] {
		return [...this.tickets.values()];
	}

	async clear(): Promise<void> {
		const paths = this.list().map(({ path }) => path);
		this.files.clear();
		this.tickets.clear();
		await Promise.all(paths.map(async (path) => path && (await rm(path, { force: true }))));
	}
}
