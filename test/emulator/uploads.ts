import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Clock } from './clock';
import type { Settings } from './options';
import { sniff, wavSeconds, type MediaKind } from './sniff';
import { receive, zeros } from './streams';

export interface Ticket {
	id: string;
	/** Account of the API key. */
	account: string;
	fileName: string;
	/** Declared size in bytes. */
	size: number;
	contentType?: string;
	uploadUrl: string;
	downloadUrl: string;
	/** Headers that the PUT must carry exactly. */
	headers: Record<string, string>;
	/** Milliseconds since the epoch. */
	expiresAt: number;
	/** PUT requests so far, including refused ones. */
	puts: number;
	used: boolean;
}

export interface UploadedFile {
	id: string;
	/** Account of the API key. */
	account: string;
	via: 'ticket' | 'oneStep';
	fileName: string;
	contentType?: string;
	/** By its first bytes. */
	kind: MediaKind;
	bytes: number;
	sha256: string;
	downloadUrl: string;
	/** Milliseconds since the epoch. */
	createdAt: number;
	/** Duration in seconds, if the header states it (WAV). */
	seconds?: number;
	/** Whether the storage request carried an Authorization header (it must not). */
	authorizationSeen: boolean;
	/** Absent when the bytes were discarded. */
	path?: string;
	head: Buffer;
}

export interface UploadMeta {
	id: string;
	account: string;
	via: UploadedFile['via'];
	fileName: string;
	contentType?: string;
	downloadUrl: string;
	authorizationSeen: boolean;
	bytesPerSecond?: number;
}

/** Stores the files of both upload methods. */
export class UploadStore {
	private tickets = new Map<string, Ticket>();
	private files = new Map<string, UploadedFile>();

	constructor(
		private readonly settings: Settings,
		private readonly clock: Clock,
		private readonly folder: string,
		private readonly origin: () => string,
	) {}

	issue(account: string, fileName: string, size: number, contentType: string | undefined): Ticket {
		const id = randomBytes(12).toString('hex');
		const signature = randomBytes(16).toString('hex');
		const headers: Record<string, string> = { 'If-None-Match': '*' };
		if (contentType !== undefined && this.settings.ticketContentType) {
			headers['Content-Type'] = contentType;
		}
		const ticket: Ticket = {
			id,
			account,
			fileName,
			size,
			...(contentType === undefined ? {} : { contentType }),
			uploadUrl: `${this.origin()}/put/${id}?X-Signature=${signature}`,
			downloadUrl: this.downloadUrl(id, fileName),
			headers,
			expiresAt: this.clock.now() + this.settings.ticketSeconds * 1000,
			puts: 0,
			used: false,
		};
		this.tickets.set(id, ticket);
		return ticket;
	}

	/** The ticket of an upload URL with the signature that was issued. */
	ticketFor(url: string): Ticket | undefined {
		const wanted = `${this.origin()}${url}`;
		return [...this.tickets.values()].find((ticket) => ticket.uploadUrl === wanted);
	}

	downloadUrl(id: string, fileName: string): string {
		return `${this.origin()}/files/${id}/${encodeURIComponent(fileName)}`;
	}

	/** Stores a file, unless `check` throws. */
	async store(
		source: Readable,
		meta: UploadMeta,
		check: (bytes: number) => void,
	): Promise<UploadedFile> {
		const { bytesPerSecond, ...about } = meta;
		const name = `upload-${meta.id}-${randomBytes(4).toString('hex')}`;
		const path = this.settings.storeUploads === 'disk' ? join(this.folder, name) : undefined;
		const target = { ...(path ? { path } : {}), ...(bytesPerSecond ? { bytesPerSecond } : {}) };
		try {
			const received = await receive(source, target);
			check(received.bytes);
			const seconds = wavSeconds(received.head, received.bytes);
			const file: UploadedFile = {
				...about,
				...received,
				kind: sniff(received.head),
				createdAt: this.clock.now(),
				...(seconds === undefined ? {} : { seconds }),
				...(path ? { path } : {}),
			};
			this.files.set(meta.id, file);
			return file;
		} catch (error) {
			if (path) await rm(path, { force: true });
			throw error;
		}
	}

	/** A stored file within its retention. */
	find(id: string): UploadedFile | undefined {
		const file = this.files.get(id);
		const limit = this.clock.now() - this.settings.retentionSeconds * 1000;
		return file && file.createdAt > limit ? file : undefined;
	}

	findByUrl(url: string): UploadedFile | undefined {
		const id = /\/files\/([0-9a-f]+)\//.exec(url)?.[1];
		return id !== undefined && url.startsWith(this.origin()) ? this.find(id) : undefined;
	}

	/** Bytes `start` to `end` (inclusive). Discarded bytes are read as zeros. */
	open(file: UploadedFile, start: number, end: number): Readable {
		if (file.path) return createReadStream(file.path, { start, end });
		const kept = file.head.subarray(start, end + 1);
		return Readable.from(joined(kept, end + 1 - start - kept.length), { objectMode: false });
	}

	list(): UploadedFile[] {
		return [...this.files.values()];
	}

	listTickets(): Ticket[] {
		return [...this.tickets.values()];
	}

	async clear(): Promise<void> {
		const paths = this.list().map((file) => file.path);
		this.files.clear();
		this.tickets.clear();
		await Promise.all(paths.map(async (path) => path && (await rm(path, { force: true }))));
	}
}

function* joined(first: Buffer, zeroBytes: number): Generator<Buffer> {
	if (first.length > 0) yield first;
	yield* zeros(zeroBytes);
}
