import { path as ffmpegPath } from '@ffmpeg-installer/ffmpeg';
import execa, { type ExecaChildProcess, type ExecaReturnValue } from 'execa';

/** Concurrent ffmpeg processes; few, so that rendering does not slow down the tests. */
const MAX_PROCESSES = 2;

/** Runs the bundled ffmpeg, two processes at a time, and can stop them all. */
export class FfmpegPool {
	private readonly running = new Set<ExecaChildProcess>();
	private closed = false;

	/** Resolves also when ffmpeg fails; its output is in `stderr`. */
	async run(args: string[]): Promise<ExecaReturnValue> {
		while (this.running.size >= MAX_PROCESSES) await Promise.race(this.running);
		if (this.closed) throw new Error('The emulator was closed');
		const options = { reject: false, stdin: 'ignore', stdout: 'ignore' } as const;
		const child = execa(ffmpegPath, ['-hide_banner', '-nostdin', ...args], options);
		this.running.add(child);
		return await child.finally(() => this.running.delete(child));
	}

	/** Duration of a media file in seconds; undefined when ffmpeg does not know it. */
	async duration(file: string): Promise<number | undefined> {
		const { stderr } = await this.run(['-i', file]);
		const duration = /Duration: (\d+:\d+:\d+(?:\.\d+)?)/.exec(stderr)?.[1];
		if (duration !== undefined && !stderr.includes('Estimating duration')) return seconds(duration);
		// Raw AAC and live recordings state no duration: decode them.
		const decoded = await this.run(['-i', file, '-vn', '-f', 'null', '-']);
		const last = [...decoded.stderr.matchAll(/time=(\d+:\d+:\d+(?:\.\d+)?)/g)].at(-1)?.[1];
		return last === undefined ? undefined : seconds(last);
	}

	async close(): Promise<void> {
		this.closed = true;
		for (const child of this.running) child.kill('SIGKILL');
		await Promise.all(this.running);
	}
}

function seconds(timecode: string): number {
	return timecode.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
