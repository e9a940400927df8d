import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Emulator } from '../../emulator/emulator';
import type { Parameters } from '../../testbed/workflow';
import { FIXTURES, media } from './bench';
import type { FormFile } from './hook';

const TYPES: Readonly<Record<string, string>> = { '.png': 'image/png', '.wav': 'audio/wav' };

/** One of the fixtures as a file of a form. */
export function fixture(name: string): FormFile {
	const content = readFileSync(path.join(FIXTURES, name));
	return { name, type: TYPES[path.extname(name)] ?? '', content };
}

/** The picture and the two voices, in the fields that the node expects by default. */
export function trio(): { image: FormFile; left_audio: FormFile; right_audio: FormFile } {
	return {
		image: fixture('pair.png'),
		left_audio: fixture('left-voice.wav'),
		right_audio: fixture('right-voice.wav'),
	};
}

export function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}

/** What has been uploaded, and under which key the job got it. */
export function uploadedFor(emulator: Emulator, jobId: string): Record<string, string | undefined> {
	const job = emulator.predictions().find(({ id }) => id === jobId);
	const uploads = emulator.uploads();
	return Object.fromEntries(
		(['image', 'left_audio', 'right_audio'] as const).map((key) => {
			const found = uploads.find(({ downloadUrl }) => downloadUrl === job?.inputs[key]);
			return [key, found?.sha256];
		}),
	);
}

/** The three media fields, all in one mode. */
export function mediaFields(
	mode: 'binary' | 'url',
	[image, left, right]: readonly [string, string, string],
): Parameters {
	return {
		image: media(mode, image),
		leftAudio: media(mode, left),
		rightAudio: media(mode, right),
	};
}

export interface FileServer {
	/** Address without a slash at the end; `/<name>` is the fixture of that name. */
	readonly url: string;
	close(): Promise<void>;
}

/** Serves the fixtures on the loopback interface, as any web server would. */
export async function serveFixtures(): Promise<FileServer> {
	const server = createServer((request, answer) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		const { type, content } = fixture(path.basename(pathname));
		answer.setHeader('content-type', type).end(content);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}`,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}
