import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Agent, fetch } from 'undici';
import type { FfmpegPool } from './ffmpeg';
import { receiveFile, type MediaFile } from './media-file';
import type { Settings } from './options';
import type { UploadStore } from './uploads';

const FETCH_TIMEOUT_MS = 60_000;

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
		if (!this.uploads.isOwn(url) && !this.settings.readInputs) return undefined;
		const file = await this.read(url).catch(() => undefined);
		return file?.kind === 'audio' ? file.seconds : undefined;
	}

	/** The file behind a URL, with its length if it is audio; one that was uploaded here is at hand. */
	async read(url: string): Promise<MediaFile> {
		const file = this.uploads.isOwn(url) ? this.uploads.find(url) : await this.fetch(url);
		if (!file) throw new Error('HTTP 404');
		if (file.kind === 'audio' && file.path) {
			file.seconds ??= await this.ffmpeg.duration(file.path);
		}
		return file;
	}

	private async fetch(url: string): Promise<MediaFile> {
		const headers = { 'user-agent': 'WaveSpeed emulator (local preview)' };
		const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
		const response = await fetch(url, { headers, signal, dispatcher: this.agent });
		if (!response.ok || !response.body) {
			await response.body?.cancel();
			throw new Error(`HTTP ${response.status}`);
		}
		const path = join(this.folder, `input-${randomBytes(12).toString('hex')}`);
		return await receiveFile(Readable.fromWeb(response.body), path, { signal });
	}
}
