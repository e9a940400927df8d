import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Agent, fetch } from 'undici';
import type { FfmpegPool } from './ffmpeg';
import type { Settings } from './options';
import { sniff, wavSeconds, type MediaKind } from './sniff';
import { receive } from './streams';
import type { UploadStore } from './uploads';

const FETCH_TIMEOUT_MS = 60_000;

export interface InputFile {
	kind: MediaKind;
	bytes: number;
	sha256: string;
	/** Absent when the bytes were discarded. */
	path?: string;
	seconds?: number;
}

/** Reads the media behind input URLs, as the service does for jobs and price quotes. */
export class InputReader {
	private readonly agent = new Agent();

	constructor(
		private readonly settings: Settings,
		private readonly uploads: UploadStore,
		private readonly ffmpeg: FfmpegPool,
		private readonly folder: string,
	) {}

	async close(): Promise<void> {
		await this.agent.destroy();
	}

	/** Length of an audio URL in seconds; undefined when it cannot be read or is no audio. */
	async audioSeconds(url: unknown): Promise<number | undefined> {
		if (typeof url !== 'string') return undefined;
		const isOwn = this.uploads.isOwn(url);
		if (!isOwn && !this.settings.readInputs) return undefined;
		try {
			const file = await this.read(url, true);
			const seconds = await this.measure(file);
			if (!isOwn && file.path) await rm(file.path, { force: true });
			return seconds;
		} catch {
			return undefined;
		}
	}

	/** Length of an audio file in seconds; undefined when it is unknown. */
	async measure(file: InputFile): Promise<number | undefined> {
		if (file.kind !== 'audio') return undefined;
		if (file.seconds === undefined && file.path) {
			const seconds = await this.ffmpeg.duration(file.path);
			if (seconds !== undefined) file.seconds = seconds;
		}
		return file.seconds;
	}

	/** The file behind a URL; one that was uploaded here is at hand. */
	async read(url: string, keep: boolean): Promise<InputFile> {
		if (!this.uploads.isOwn(url)) return await this.fetch(url, keep);
		const own = this.uploads.find(url);
		if (!own) throw new Error('HTTP 404');
		return own;
	}

	private async fetch(url: string, keep: boolean): Promise<InputFile> {
		const headers = { 'user-agent': 'WaveSpeed emulator (local preview)' };
		const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
		const response = await fetch(url, { headers, signal, dispatcher: this.agent });
		if (!response.ok || !response.body) {
			await response.body?.cancel();
			throw new Error(`HTTP ${response.status}`);
		}
		const name = `input-${randomBytes(12).toString('hex')}`;
		const kept = keep ? { path: join(this.folder, name) } : {};
		const body = Readable.fromWeb(response.body);
		const { head, bytes, sha256 } = await receive(body, { ...kept, signal });
		const seconds = wavSeconds(head, bytes);
		const known = seconds === undefined ? {} : { seconds };
		return { kind: sniff(head), bytes, sha256, ...kept, ...known };
	}
}
