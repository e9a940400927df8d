import { path as ffmpegPath } from '@ffmpeg-installer/ffmpeg';
import { spawn, type ChildProcess } from 'node:child_process';

/** Concurrent ffmpeg processes; few, so that rendering does not slow down the tests. */
const MAX_PROCESSES = 2;
const MAX_STDERR = 16 * 1024;

export interface FfmpegRun {
	exitCode: number | null;
	/** The end of its output. */
	stderr: string;
}

/** Runs the bundled ffmpeg, two processes at a time, and can stop them all. */
export class FfmpegPool {
	private readonly running = new Set<ChildProcess>();
	private readonly waiting: Array<() => void> = [];
	private slots = MAX_PROCESSES;
	private closed = false;

	async run(args: string[]): Promise<FfmpegRun> {
		if (this.slots > 0) this.slots -= 1;
		else await new Promise<void>((resolve) => this.waiting.push(resolve));
		try {
			if (this.closed) throw new Error('The emulator was closed');
			return await this.start(args);
		} finally {
			const next = this.waiting.shift();
			if (next) next();
			else this.slots += 1;
		}
	}

	/** Duration of a media file in seconds; undefined when ffmpeg does not know it. */
	async duration(file: string): Promise<number | undefined> {
		const { stderr } = await this.run(['-hide_banner', '-i', file]);
		const duration = /Duration: (\d+:\d+:\d+(?:\.\d+)?)/.exec(stderr)?.[1];
		if (duration !== undefined && !stderr.includes('Estimating duration')) return seconds(duration);
		// Raw AAC and live recordings state no duration: decode them.
		const decoded = await this.run(['-hide_banner', '-i', file, '-vn', '-f', 'null', '-']);
		const last = [...decoded.stderr.matchAll(/time=(\d+:\d+:\d+(?:\.\d+)?)/g)].at(-1)?.[1];
		return last === undefined ? undefined : seconds(last);
	}

	async close(): Promise<void> {
		this.closed = true;
		const ends = [...this.running].map(
			(child) => new Promise<void>((resolve) => child.once('close', () => resolve())),
		);
		for (const child of this.running) child.kill('SIGKILL');
		await Promise.all(ends);
	}

	private start(args: string[]): Promise<FfmpegRun> {
		return new Promise((resolve, reject) => {
			const child = spawn(ffmpegPath, ['-nostdin', ...args], {
				stdio: ['ignore', 'ignore', 'pipe'],
				windowsHide: true,
			});
			this.running.add(child);
			let stderr = '';
			child.stderr.setEncoding('utf8');
			child.stderr.on('data', (text: string) => {
				stderr = (stderr + text).slice(-MAX_STDERR);
			});
			child.once('error', (error) => {
				this.running.delete(child);
				reject(error);
			});
			child.once('close', (exitCode) => {
				this.running.delete(child);
				resolve({ exitCode, stderr });
			});
		});
	}
}

function seconds(timecode: string): number {
	return timecode.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
