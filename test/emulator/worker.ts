import { createHash, randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Agent, fetch } from 'undici';
import { FfmpegPool } from './ffmpeg';
import type { InputRead, Job, JobVideo } from './job';
import type { Settings } from './options';
import { price } from './pricing';
import { copyStub, renderVideo, type Voice } from './render';
import { sniff, wavSeconds, type MediaKind } from './sniff';
import { receive } from './streams';
import type { UploadStore } from './uploads';

const FETCH_TIMEOUT_MS = 60_000;

/** A task that failed, with the service's task code. */
export class TaskFailure extends Error {
	constructor(
		readonly code: number,
		message: string,
	) {
		super(message);
	}
}

interface InputFile {
	kind: MediaKind;
	bytes: number;
	sha256: string;
	path?: string;
	seconds?: number;
}

export interface RenderedJob {
	video: JobVideo;
	/** USD, from the real length of the voices; absent when they were not read. */
	price?: number;
}

/** What the service does while a job is processing. */
export class Worker {
	/** Tells the emulator's own storage that a request comes from the worker. */
	readonly token = randomBytes(12).toString('hex');
	private readonly ffmpeg = new FfmpegPool();
	private readonly agent = new Agent();
	/** Videos rendered so far, by their inputs. */
	private readonly rendered = new Map<string, Promise<string>>();
	private readonly active = new Set<Promise<RenderedJob>>();
	private count = 0;

	constructor(
		private readonly settings: Settings,
		private readonly uploads: UploadStore,
		private readonly folder: string,
	) {}

	/** Reads the inputs and renders the video; throws TaskFailure. */
	async run(job: Job): Promise<RenderedJob> {
		const rendering = this.render(job);
		this.active.add(rendering);
		try {
			return await rendering;
		} finally {
			this.active.delete(rendering);
		}
	}

	/** Stops all work; afterwards nothing writes to the folder any more. */
	async close(): Promise<void> {
		await Promise.all([this.ffmpeg.close(), this.agent.destroy()]);
		await Promise.allSettled([...this.active, ...this.rendered.values()]);
	}

	private async render(job: Job): Promise<RenderedJob> {
		if (!this.settings.readInputs) return { video: await this.stub() };
		const { inputs } = job;
		const image = await this.input(job, 'image', inputs.image, 'image');
		const left = await this.input(job, 'left_audio', inputs.left_audio, 'audio');
		const right = await this.input(job, 'right_audio', inputs.right_audio, 'audio');
		const order = inputs.order ?? 'meanwhile';
		const cost = price(left.seconds, right.seconds, order);
		if (this.settings.render === 'stub' || !image.path || !left.path || !right.path) {
			return { video: await this.stub(), price: cost };
		}
		const parts = {
			image: image.path,
			left: this.voice('left_audio', left),
			right: this.voice('right_audio', right),
			order,
		};
		const key = [image.sha256, left.sha256, right.sha256, order].join(' ');
		const path = await this.cached(key, async (target) => {
			await renderVideo(this.ffmpeg, parts, target).catch((error: Error) => {
				throw new TaskFailure(1403, `The media could not be decoded: ${error.message}`);
			});
		});
		return { video: await videoAt(path), price: cost };
	}

	private async stub(): Promise<JobVideo> {
		return await videoAt(await this.cached('stub', copyStub));
	}

	private cached(key: string, render: (target: string) => Promise<void>): Promise<string> {
		const target = join(this.folder, `video-${++this.count}.mp4`);
		const known = this.rendered.get(key);
		if (known) return known;
		const rendering = render(target).then(() => target);
		this.rendered.set(key, rendering);
		rendering.catch(() => this.rendered.delete(key));
		return rendering;
	}

	private voice(field: string, file: InputFile): Voice {
		if (file.path === undefined || file.seconds === undefined || file.seconds <= 0) {
			throw new TaskFailure(1403, `${field}: the audio could not be decoded`);
		}
		return { path: file.path, seconds: file.seconds };
	}

	private async input(job: Job, field: string, url: string, wanted: MediaKind): Promise<InputFile> {
		const read: InputRead = { field, url, ok: false };
		job.reads.push(read);
		try {
			const file = await this.fetchInput(url);
			read.bytes = file.bytes;
			if (file.kind !== wanted) {
				const noun = wanted === 'image' ? 'an image' : 'an audio file';
				throw new TaskFailure(1401, `${field}: the file behind the URL is not ${noun}`);
			}
			if (wanted === 'audio' && file.seconds === undefined && file.path) {
				const seconds = await this.ffmpeg.duration(file.path);
				if (seconds !== undefined) file.seconds = seconds;
			}
			if (file.seconds !== undefined) read.seconds = file.seconds;
			read.ok = true;
			return file;
		} catch (error) {
			read.error = (error as Error).message;
			if (error instanceof TaskFailure) throw error;
			throw new TaskFailure(1402, `${field}: the media URL could not be read: ${read.error}`);
		}
	}

	/** Own uploads are requested but not copied, so that faults on the storage host apply. */
	private async fetchInput(url: string): Promise<InputFile> {
		const own = this.uploads.findByUrl(url);
		const headers: Record<string, string> = own
			? { range: 'bytes=0-0', 'x-emulator-worker': this.token }
			: { 'user-agent': 'WaveSpeed emulator (local preview)' };
		const signal = AbortSignal.timeout(FETCH_TIMEOUT_MS);
		const response = await fetch(url, { headers, signal, dispatcher: this.agent });
		if (!response.ok || !response.body) {
			await response.body?.cancel();
			throw new Error(`HTTP ${response.status}`);
		}
		if (own) {
			await response.body.cancel();
			return { ...own };
		}
		const name = createHash('sha256').update(`${url} ${++this.count}`).digest('hex').slice(0, 24);
		const path = this.settings.render === 'video' ? join(this.folder, `input-${name}`) : undefined;
		const body = Readable.fromWeb(response.body);
		const got = await receive(body, { ...(path ? { path } : {}), signal });
		const seconds = wavSeconds(got.head, got.bytes);
		return {
			kind: sniff(got.head),
			bytes: got.bytes,
			sha256: got.sha256,
			...(path ? { path } : {}),
			...(seconds === undefined ? {} : { seconds }),
		};
	}
}

async function videoAt(path: string): Promise<JobVideo> {
	return { path, bytes: (await stat(path)).size };
}
