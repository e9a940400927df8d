import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FfmpegPool } from './ffmpeg';
import type { InputReader } from './input-reader';
import type { Job, JobVideo } from './job';
import type { MediaFile } from './media-file';
import type { Settings } from './options';
import { discounted, price } from './pricing';
import { renderVideo, STUB_VIDEO, type VideoParts } from './render';
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
	private readonly rendered = new Map<string, Promise<JobVideo>>();

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
	async run({ inputs, spec, seeded }: Job): Promise<RenderedJob> {
		if (!this.settings.readInputs || seeded) return { video: STUB_VIDEO };
		const image = await this.input('image', inputs.image, 'image');
		if (inputs.mask_image) await this.input('mask_image', inputs.mask_image, 'image');
		const heard: MediaFile[] = [];
		for (const key of spec.voices) heard.push(await this.input(key, inputs[key], 'audio'));
		const { order = 'meanwhile', resolution } = inputs;
		const seconds = heard.map((file) => file.seconds);
		const full = price(spec, { seconds, order, resolution });
		const cost = discounted(full, this.settings.discountRate);
		if (this.settings.render === 'stub' || !image.path) return { video: STUB_VIDEO, price: cost };
		const voices = heard.map(({ path, seconds: length }, at) => {
			if (path && length) return { path, seconds: length };
			throw new TaskFailure(1403, `${spec.voices[at]}: the audio could not be decoded`);
		});
		const parts = { image: image.path, voices, order, maxSeconds: spec.maxSeconds };
		const digests = [image, ...heard].map(({ sha256 }) => sha256);
		return { video: await this.video([...digests, order, spec.maxSeconds], parts), price: cost };
	}

	/** The video of these inputs, rendered once. */
	private async video(inputs: unknown[], parts: VideoParts): Promise<JobVideo> {
		const key = inputs.join(' ');
		const known = this.rendered.get(key);
		if (known) return await known;
		const rendering = this.render(parts);
		this.rendered.set(key, rendering);
		rendering.catch(() => this.rendered.delete(key));
		return await rendering;
	}

	private async render(parts: VideoParts): Promise<JobVideo> {
		const path = join(this.folder, `video-${randomUUID()}.mp4`);
		await renderVideo(this.ffmpeg, parts, path).catch((error: Error) => {
			throw new TaskFailure(1403, `The media could not be decoded: ${error.message}`);
		});
		return { path, bytes: (await stat(path)).size };
	}

	private async input(field: string, url = '', wanted: MediaKind): Promise<MediaFile> {
		const file = await this.reader.read(url).catch((error: Error) => {
			throw new TaskFailure(1402, `${field}: the media URL could not be read: ${error.message}`);
		});
		if (file.kind === wanted) return file;
		const noun = wanted === 'image' ? 'an image' : 'an audio file';
		throw new TaskFailure(1401, `${field}: the file behind the URL is not ${noun}`);
	}
}
