import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { serverTime, type Settings } from './options';
import type { UploadSummary } from './request-log';
import { declaredKind, sniff, wavSeconds, type MediaKind } from './sniff';
import { receive } from './streams';

const TICKET_SECONDS = 15 * 60;

export interface Ticket {
	id: string;
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
	used: boolean;
}

export interface UploadMeta {
	via: 'ticket' | 'oneStep';
	fileName: string;
	contentType?: string;
	downloadUrl: string;
}

export interface UploadedFile extends UploadMeta {
	/** By its first bytes. */
	kind: MediaKind;
	bytes: number;
	sha256: string;
	/** Duration in seconds, if its header states it (WAV) or a job or a quote has measured it. */
	seconds?: number;
	/** Absent when the bytes were discarded. */
	path?: string;
}

/** Stores the files of both upload methods. */
export class UploadStore {
	private readonly tickets = new Map<string, Ticket>();
	/** By their URL. */
	private readonly files = new Map<string, UploadedFile>();

	constructor(
		private readonly settings: Settings,
		private readonly folder: string,
		/** Of the host that takes uploads, and of the one that serves them. */
		private readonly origins: () => { storage: string; cdn: string },
	) {}

	issue(fileName: string, size: number, contentType: string | undefined): Ticket {
		const id = randomBytes(12).toString('hex');
		const signature = randomBytes(16).toString('hex');
		const headers: Record<string, string> = { 'If-None-Match': '*' };
		if (contentType !== undefined && this.settings.ticketContentType) {
			headers['Content-Type'] = contentType;
		}
		const ticket: Ticket = {
			id,
			fileName,
			size,
			...(contentType === undefined ? {} : { contentType }),
			uploadUrl: `${this.origins().storage}/put/${id}?X-Signature=${signature}`,
			downloadUrl: this.downloadUrl(fileName, contentType),
			headers,
			expiresAt: serverTime(this.settings) + TICKET_SECONDS * 1000,
			used: false,
		};
		this.tickets.set(ticket.uploadUrl, ticket);
		return ticket;
	}

	/** The ticket of an upload URL with the signature that was issued. */
	ticketFor(pathAndQuery: string): Ticket | undefined {
		return this.tickets.get(`${this.origins().storage}${pathAndQuery}`);
	}

	/** An address of the service's own form, which does not keep the file's name. */
	downloadUrl(fileName: string, contentType: string | undefined): string {
		const folder = `${declaredKind(fileName, contentType)}s`;
		const nanoseconds = BigInt(serverTime(this.settings)) * 1_000_000n;
		const name = `${nanoseconds}_${randomBytes(4).toString('hex')}${extname(fileName).toLowerCase()}`;
		return `${this.origins().cdn}/media/${randomBytes(16).toString('hex')}/${folder}/${name}`;
	}

	/** Stores a file, unless `check` throws. */
	async store(
		source: Readable,
		meta: UploadMeta,
		check: (bytes: number) => void,
		speed: { bytesPerSecond?: number } = {},
	): Promise<UploadedFile> {
		const name = `upload-${randomBytes(12).toString('hex')}`;
		const kept = this.settings.storeUploads === 'disk' ? { path: join(this.folder, name) } : {};
		try {
			const { head, bytes, sha256 } = await receive(source, { ...kept, ...speed });
			check(bytes);
			const seconds = wavSeconds(head, bytes);
			const file: UploadedFile = {
				...meta,
				...kept,
				kind: sniff(head),
				bytes,
				sha256,
				...(seconds === undefined ? {} : { seconds }),
			};
			this.files.set(meta.downloadUrl, file);
			return file;
		} catch (error) {
			if (kept.path) await rm(kept.path, { force: true });
			throw error;
		}
	}

	/** Whether an upload is or was at this address. */
	isOwn(url: string): boolean {
		return url.startsWith(`${this.origins().cdn}/media/`);
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
		const paths = this.list().map((file) => file.path);
		this.files.clear();
		this.tickets.clear();
		await Promise.all(paths.map(async (path) => path && (await rm(path, { force: true }))));
	}
}

/** What the request log tells of an upload. */
export function summarize({ bytes, sha256, fileName, contentType }: UploadedFile): UploadSummary {
	return { bytes, sha256, fileName, ...(contentType === undefined ? {} : { contentType }) };
}
