import { createHash, randomBytes } from 'node:crypto';
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
	/** Tells the emulator's own storage that a request comes from here. */
	readonly token = randomBytes(12).toString('hex');
	private readonly agent = new Agent();
	private count = 0;

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
		const own = this.uploads.findByUrl(url);
		if (!this.settings.readInputs) return own && (await this.measure(own));
		try {
			const file = await this.fetch(url, true);
			const seconds = file.kind === 'audio' ? await this.measure(file) : undefined;
			if (own && seconds !== undefined) own.seconds = seconds;
			else if (!own && file.path) await rm(file.path, { force: true });
			return seconds;
		} catch {
			return undefined;
		}
	}

	/** Length of a stored media file in seconds; undefined when it is unknown. */
	async measure(file: InputFile): Promise<number | undefined> {
		if (file.seconds === undefined && file.path && file.kind === 'audio') {
			const seconds = await this.ffmpeg.duration(file.path);
			if (seconds !== undefined) file.seconds = seconds;
		}
		return file.seconds;
	}

	/** Own uploads are requested but not copied, so that faults on the storage host apply. */
	async fetch(url: string, keep: boolean): Promise<InputFile> {
		const own = this.uploads.findByUrl(url);
		const headers: Record<string, string> = own
			? { range: 'bytes=0-0', 'x-emulator-worker': this.token }
			: { 'user-agent': 'WaveSpeed emulator (local preview)' };
		const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
		const response = await fetch(this.resolve(url), { headers, signal, dispatcher: this.agent });
		if (!response.ok || !response.body) {
			await response.body?.cancel();
			throw new Error(`HTTP ${response.status}`);
		}
		if (own) {
			await response.body.cancel();
			return { ...own };
		}
		const name = createHash('sha256').update(`${url} ${++this.count}`).digest('hex').slice(0, 24);
		const path = keep ? join(this.folder, `input-${name}`) : undefined;
		const body = Readable.fromWeb(response.body);
		const received = await receive(body, { ...(path ? { path } : {}), signal });
		const seconds = wavSeconds(received.head, received.bytes);
		return {
			kind: sniff(received.head),
			bytes: received.bytes,
			sha256: received.sha256,
			...(path ? { path } : {}),
			...(seconds === undefined ? {} : { seconds }),
		};
	}

	private resolve(url: string): string {
		const { origin } = new URL(url);
		const other = this.settings.inputOrigins[origin];
		return other === undefined ? url : `${other}${url.slice(origin.length)}`;
	}
}
