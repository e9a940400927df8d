/** Files and items as the steps of a job get them. */
import { Readable } from 'stream';
import type { ByInput } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { checkRequest } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/checkRequest';
import { Contents } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/contents';
import { DEFAULT_MODEL } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type {
	FileMedia,
	FittedRequest,
	LocalFile,
	MediaSource,
	VideoRequest,
} from '../../../nodes/WaveSpeedInfiniteTalk/inputs/request';
import { wav } from '../probe/support/build';

export const PNG = Buffer.concat([
	Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40\x08\x02\0\0\0CRC ', 'latin1'),
	Buffer.from('\0\0\0\x40IDAT', 'latin1'),
	Buffer.alloc(68, 7),
	Buffer.from('\0\0\0\0IENDCRC ', 'latin1'),
]);
/** Half a second. */
export const WAV = wav(Buffer.alloc(8000, 7));

/** Contents of files that nobody waits for. */
export function createContents(): Contents {
	return new Contents(async () => {});
}

/** The check of a request by itself, without what other items have read. */
export async function check(request: VideoRequest): ReturnType<typeof checkRequest> {
	return await checkRequest(request, createContents());
}

/** A file held by n8n that counts how often it was opened and what it really holds. */
export interface TestFile extends LocalFile {
	opened: number;
}

let made = 0;

export function createFile(content: Buffer, more: Partial<LocalFile> = {}): TestFile {
	const file: TestFile = {
		name: 'file.bin',
		declaredType: '',
		size: content.length,
		fileId: `filesystem:${++made}`,
		opened: 0,
		async open() {
			file.opened++;
			return Readable.from([content]) as Awaited<ReturnType<LocalFile['open']>>;
		},
		...more,
	};
	return file;
}

export function createPicture(more: Partial<LocalFile> = {}): TestFile {
	return createFile(PNG, { name: 'pair.png', declaredType: 'image/png', ...more });
}

export function createVoice(more: Partial<LocalFile> = {}, extra = ''): TestFile {
	const content = Buffer.concat([WAV, Buffer.from(extra)]);
	return createFile(content, { name: 'voice.wav', declaredType: 'audio/wav', ...more });
}

const URLS = {
	image: { url: 'https://files.example/pair.png' },
	leftAudio: { url: 'https://files.example/left.wav' },
	rightAudio: { url: 'https://files.example/right.wav' },
};

/** Of two speakers by default; media can be given beside the other fields. */
export function createRequest({
	image,
	leftAudio,
	rightAudio,
	...more
}: Partial<VideoRequest> & ByInput<MediaSource> = {}): VideoRequest {
	const given = Object.entries({ image, leftAudio, rightAudio }).filter(([, source]) => source);
	return {
		speakers: 'two',
		media: { ...URLS, ...(Object.fromEntries(given) as ByInput<MediaSource>) },
		order: 'meanwhile',
		prompt: '',
		seed: undefined,
		model: undefined,
		...more,
	};
}

/** Three files that were read; the identity of each is the name of its field. */
export function createMedia(): Record<keyof typeof URLS, FileMedia> {
	return {
		image: { file: createPicture({ fileId: 'image' }), type: 'image/png' },
		leftAudio: { file: createVoice({ fileId: 'leftAudio' }), type: 'audio/wav' },
		rightAudio: { file: createVoice({ fileId: 'rightAudio' }), type: 'audio/wav' },
	};
}

export function createFitted(more: Partial<FittedRequest> = {}): FittedRequest {
	return {
		model: DEFAULT_MODEL,
		media: createMedia(),
		order: 'meanwhile',
		prompt: '',
		seed: -1,
		notes: [],
		...more,
	};
}
