import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FfmpegPool } from './ffmpeg';
import type { InputFile, InputReader } from './input-reader';
import type { Job, JobVideo } from './job';
import type { VoiceKey } from './models';
import type { Settings } from './options';
import { discounted, price } from './pricing';
import { copyStub, renderVideo, type Voice } from './render';
import type { MediaKind } from './sniff';

/** A task that failed, with the service's task code. */
export class TaskFailure extends Error {
	constructor(
		readonly code: number,
		message: string,
	) {
		super(message);
	}
}

export interface RenderedJob {
	video: JobVideo;
	/** USD, from the real length of the voices; absent when they were not read. */
	price?: number;
}

/** What the service does while a job is processing. */
export class Worker {
	/** Videos rendered so far, by their inputs. */
	private readonly rendered = new Map<string, Promise<string>>();
	private count = 0;

	constructor(
		private readonly settings: Settings,
		private readonly reader: InputReader,
		private readonly ffmpeg: FfmpegPool,
		private readonly folder: string,
	) {}

	/** Stops all work; afterwards nothing renders to the folder any more. */
	async close(): Promise<void> {
		await Promise.all([this.ffmpeg.close(), this.reader.close()]);
		await Promise.allSettled(this.rendered.values());
	}

	/** Reads the inputs and renders the video; throws TaskFailure. */
	async run(job: Job): Promise<RenderedJob> {
		if (!this.settings.readInputs || job.seeded) return { video: await this.stubVideo() };
		const { inputs, model } = job;
		const image = await this.input('image', inputs.image, 'image');
		if (inputs.mask_image) await this.input('mask_image', inputs.mask_image, 'image');
		const heard: Array<[VoiceKey, InputFile]> = [];
		for (const key of model.voices) {
			heard.push([key, await this.input(key, inputs[key] ?? '', 'audio')]);
		}
		const order = inputs.order ?? 'meanwhile';
		const { resolution } = inputs;
		const seconds = heard.map(([, file]) => file.seconds);
		const full = price(model, { seconds, order, resolution });
		const cost = discounted(full, this.settings.discountRate);
		if (this.settings.render === 'stub' || !image.path || heard.some(([, { path }]) => !path)) {
			return { video: await this.stubVideo(), price: cost };
		}
		const parts = {
			image: image.path,
			voices: heard.map(([key, file]) => this.voice(key, file)),
			order,
			maxSeconds: model.maxSeconds,
		};
		const key = [image, ...heard.map(([, file]) => file)]
			.map(({ sha256 }) => sha256)
			.concat(order, String(model.maxSeconds))
			.join(' ');
		const path = await this.cached(key, async (target) => {
			await renderVideo(this.ffmpeg, parts, target).catch((error: Error) => {
				throw new TaskFailure(1403, `The media could not be decoded: ${error.message}`);
			});
		});
		return { video: await videoAt(path), price: cost };
	}

	/** The video of jobs whose inputs are not rendered. */
	async stubVideo(): Promise<JobVideo> {
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

	private async input(field: string, url: string, wanted: MediaKind): Promise<InputFile> {
		const measured = wanted === 'audio' && this.settings.storeUploads === 'disk';
		const keep = measured || this.settings.render === 'video';
		const file = await this.reader.read(url, keep).catch((error: Error) => {
			throw new TaskFailure(1402, `${field}: the media URL could not be read: ${error.message}`);
		});
		if (file.kind !== wanted) {
			const noun = wanted === 'image' ? 'an image' : 'an audio file';
			throw new TaskFailure(1401, `${field}: the file behind the URL is not ${noun}`);
		}
		await this.reader.measure(file);
		return file;
	}
}

async function videoAt(path: string): Promise<JobVideo> {
	return { path, bytes: (await stat(path)).size };
}
