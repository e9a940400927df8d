import { createWriteStream, type WriteStream } from 'node:fs';

/** How many of the last lines are kept in memory. */
const KEPT = 500;

/** What a process printed: all of it in a file, the end of it in memory for failure messages. */
export class ProcessLog {
	private lines: string[] = [];
	private readonly stream: WriteStream;

	constructor(readonly file: string) {
		this.stream = createWriteStream(file, { flags: 'a' });
	}

	readonly add = (chunk: Buffer): void => {
		this.stream.write(chunk);
		this.lines.push(...chunk.toString().split('\n').filter(Boolean));
		if (this.lines.length > KEPT) this.lines = this.lines.slice(-KEPT);
	};

	/** The last lines, those about database migrations left out. */
	tail(count = 60): string {
		const relevant = this.lines.filter((line) => !/^(Starting|Finished) migration /.test(line));
		return relevant.slice(-count).join('\n');
	}

	/** Whether one of the kept lines matches. */
	has(pattern: RegExp): boolean {
		return this.lines.some((line) => pattern.test(line));
	}
}
