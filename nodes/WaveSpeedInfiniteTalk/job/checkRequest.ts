/** The step before anything is sent or spent: is what the item asks for possible at all? */
import { createHash } from 'crypto';
import { parseWebUrl } from '../api/urls';
import { jobError } from './jobError';
import type {
	CheckedMedia,
	CheckedRequest,
	InputName,
	LocalFile,
	MediaSource,
	Order,
	VideoRequest,
} from './request';
import { INPUT_LABELS, INPUT_NAMES, ORDERS } from './request';
import { sniff } from './sniff';

/** Largest file that is uploaded, in bytes: the upload ticket's likely cap (200 MiB). */
export const MAX_FILE_BYTES = 200 * 1024 * 1024;

/** Largest seed, a signed 32-bit integer (model page of infinitetalk-fast/multi). */
export const MAX_SEED = 2_147_483_647;

const FORMATS = {
	image: {
		family: 'image',
		wanted: 'a picture',
		list: 'JPG, PNG, WebP, GIF, BMP or TIFF',
		types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp', 'image/tiff'],
		extensions: /\.(jpe?g|png|webp|gif|bmp|tiff?)$/i,
	},
	audio: {
		family: 'audio',
		wanted: 'a sound file',
		list: 'MP3, WAV, OGG, AAC, FLAC, WebM, M4A or Opus',
		types: [
			'audio/mpeg',
			'audio/wav',
			'audio/ogg',
			'audio/aac',
			'audio/flac',
			'audio/webm',
			'audio/mp4',
		],
		extensions: /\.(mp3|wav|ogg|oga|aac|flac|webm|m4a|opus)$/i,
	},
} as const;

/**
 * Checks one item. Reads at most the first bytes of each file.
 *
 * @throws JobProblem that names the field, the cause and the next step
 */
export async function checkRequest(request: VideoRequest): Promise<CheckedRequest> {
	const order = checkOrder(request.order);
	const seed = checkSeed(request.seed);
	const media = {} as Record<InputName, CheckedMedia>;
	for (const input of INPUT_NAMES) media[input] = await checkMedia(input, request[input]);
	return { media, order, seed, prompt: request.prompt.trim() };
}

function checkOrder(order: string): Order {
	const known = ORDERS.find((candidate) => candidate === order);
	if (known) return known;
	throw jobError(
		`Speaking Order: "${order}" is not known`,
		'Use one of: meanwhile (both at the same time), left_right (left first), right_left (right first).',
		{ step: 'check' },
	);
}

function checkSeed(seed: unknown): number {
	const value = typeof seed === 'string' && seed.trim() !== '' ? Number(seed) : seed;
	if (value === undefined || value === null || value === '') return -1;
	if (typeof value === 'number' && Number.isInteger(value) && value >= -1 && value <= MAX_SEED) {
		return value;
	}
	throw jobError(
		`Seed: ${JSON.stringify(seed)} is not a whole number from -1 to ${MAX_SEED}`,
		'Use -1 for a different result each time, or a whole number to repeat a result.',
		{ step: 'check' },
	);
}

async function checkMedia(input: InputName, source: MediaSource): Promise<CheckedMedia> {
	return 'url' in source
		? { url: checkUrl(input, source.url) }
		: await checkFile(input, source.file);
}

/** A web address that the service can fetch, as far as its text tells. */
export function checkUrl(input: InputName, text: string): string {
	const label = INPUT_LABELS[input];
	const refuse = (cause: string, advice: string) =>
		jobError(`${label}: ${cause}`, advice, { step: 'check', input });
	const address = text.trim();
	if (address === '') {
		throw refuse(
			'the URL is empty',
			`Enter the web address of the file, or switch ${label} to File.`,
		);
	}
	if (/\{\{|\}\}/.test(address) || /^(undefined|null|\[object \w+\])$/.test(address)) {
		throw refuse(
			`"${shorten(address)}" is an expression without a result`,
			'Check that the expression shows a web address in the preview below the field, and that the field is in Expression mode.',
		);
	}
	if (/^data:/i.test(address)) {
		throw refuse(
			'a data: URL cannot be sent to WaveSpeed',
			`Switch ${label} to File: the node then uploads it. "Convert to File" makes a file from base64 text.`,
		);
	}
	if (/^(file:|[a-z]:[\\/]|\/|\.{1,2}\/)/i.test(address)) {
		throw refuse(
			`"${shorten(address)}" is a place on a disk, which WaveSpeed cannot reach`,
			`Read the file with "Read/Write Files from Disk" and switch ${label} to File.`,
		);
	}
	if (!parseWebUrl(address) || /\s/.test(address)) {
		throw refuse(
			`"${shorten(address)}" is not a web address`,
			'Use an address that starts with https:// and can be opened without logging in.',
		);
	}
	return address;
}

async function checkFile(input: InputName, file: LocalFile): Promise<CheckedMedia> {
	const label = INPUT_LABELS[input];
	const format = FORMATS[input === 'image' ? 'image' : 'audio'];
	const name = `"${file.name}"`;
	const refuse = (cause: string, advice: string) =>
		jobError(`${label}: ${cause}`, advice, { step: 'check', input });
	if (file.size === 0) {
		throw refuse(
			`the file ${name} is empty`,
			'Look at the node that made it: its output has no content.',
		);
	}
	if (file.size > MAX_FILE_BYTES) {
		throw refuse(
			`the file ${name} is too large: ${megabytes(file.size)}, and at most ${megabytes(MAX_FILE_BYTES)} can be uploaded`,
			`Make it smaller (MP3 instead of WAV, JPG instead of PNG), or put it on the web yourself and switch ${label} to URL.`,
		);
	}
	const head = await file.head();
	const kind = sniff(head, file.declaredType);
	if (!kind) {
		const claimed = file.declaredType.toLowerCase().startsWith(`${format.family}/`);
		if (!claimed && !format.extensions.test(file.name)) {
			throw refuse(
				`the file ${name} (${file.declaredType || 'no type'}) is not ${format.wanted} of a known format`,
				`Use ${format.list}.`,
			);
		}
		return { file, type: file.declaredType, headDigest: digest(head) };
	}
	if (!(format.types as readonly string[]).includes(kind.type)) {
		const cause =
			kind.family === format.family ? `which WaveSpeed does not read` : `not ${format.wanted}`;
		const login =
			kind.type === 'text/html'
				? ' A link that needs a login gives its login page instead of the file: check the node that fetched it.'
				: '';
		const swapped =
			kind.family !== format.family && ['image', 'audio'].includes(kind.family)
				? ' The files may be swapped: look at the order of the inputs of the Merge node before this one.'
				: '';
		throw refuse(
			`the file ${name} is ${kind.label}, ${cause}`,
			`Use ${format.list}.${login}${swapped}`,
		);
	}
	return { file, type: kind.type, headDigest: digest(head) };
}

function digest(head: Buffer): string {
	return createHash('sha256').update(head).digest('hex');
}

function shorten(text: string): string {
	return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function megabytes(bytes: number): string {
	return `${Math.ceil((bytes / (1024 * 1024)) * 10) / 10} MiB`;
}
