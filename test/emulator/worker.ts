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

const READ_TIMEOUT_MS = 60_000;

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

export interface Work {
	video: JobVideo;
	/** USD, by the real length of the voices; absent when they were not read. */
	price?: number;
}

/** What happens inside the service while a job is processing. */
export class Worker {
	/** Proves to the emulator's own storage that a request comes from here. */
	readonly token = randomBytes(12).toString('hex');
	private readonly ffmpeg = new FfmpegPool();
	private readonly agent = new Agent();
	/** Videos already made in this process, by all that goes into them. */
	private readonly made = new Map<string, Promise<string>>();
	private readonly active = new Set<Promise<Work>>();
	private count = 0;

	constructor(
		private readonly settings: Settings,
		private readonly uploads: UploadStore,
		private readonly folder: string,
	) {}

	/** Reads the inputs and makes the video; throws TaskFailure. */
	async run(job: Job): Promise<Work> {
		const work = this.work(job);
		this.active.add(work);
		try {
			return await work;
		} finally {
			this.active.delete(work);
		}
	}

	/** Stops all work and waits until nothing writes into the folder any more. */
	async close(): Promise<void> {
		await Promise.all([this.ffmpeg.close(), this.agent.destroy()]);
		await Promise.allSettled([...this.active, ...this.made.values()]);
	}

	private async work(job: Job): Promise<Work> {
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
		const path = await this.once(key, async (target) => {
			await renderVideo(this.ffmpeg, parts, target).catch((error: Error) => {
				throw new TaskFailure(1403, `The media could not be decoded: ${error.message}`);
			});
		});
		return { video: await described(path), price: cost };
	}

	private async stub(): Promise<JobVideo> {
		return await described(await this.once('stub', copyStub));
	}

	private once(key: string, make: (target: string) => Promise<void>): Promise<string> {
		const target = join(this.folder, `video-${++this.count}.mp4`);
		const known = this.made.get(key);
		if (known) return known;
		const made = make(target).then(() => target);
		this.made.set(key, made);
		made.catch(() => this.made.delete(key));
		return made;
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

	/** The service's own storage is asked as well, so that its faults count, but not copied. */
	private async fetchInput(url: string): Promise<InputFile> {
		const own = this.uploads.findByUrl(url);
		const headers: Record<string, string> = own
			? { range: 'bytes=0-0', 'x-emulator-worker': this.token }
			: { 'user-agent': 'WaveSpeed emulator (local preview)' };
		const signal = AbortSignal.timeout(READ_TIMEOUT_MS);
		const answer = await fetch(url, { headers, signal, dispatcher: this.agent });
		if (!answer.ok || !answer.body) {
			await answer.body?.cancel();
			throw new Error(`HTTP ${answer.status}`);
		}
		if (own) {
			await answer.body.cancel();
			return { ...own };
		}
		const name = createHash('sha256').update(`${url} ${++this.count}`).digest('hex').slice(0, 24);
		const path = this.settings.render === 'video' ? join(this.folder, `input-${name}`) : undefined;
		const body = Readable.fromWeb(answer.body);
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

async function described(path: string): Promise<JobVideo> {
	return { path, bytes: (await stat(path)).size };
}
