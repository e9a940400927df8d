/** Responses of the two ways to upload a file (wavespeed.ai/docs/upload-files-api). */
import { ApiError } from './errors';
import { isPlainObject } from './prediction';
import { toSentence } from './sentence';

/** Permission to put one file into storage. */
export interface UploadTicket {
	putUrl: string;
	/** To be sent exactly as given. */
	headers: Record<string, string>;
	downloadUrl: string;
}

/** @throws ApiError when the response cannot be used */
export function parseTicket(data: unknown): UploadTicket {
	const upload = isPlainObject(data) ? data.upload : undefined;
	const downloadUrl = parseDownloadUrl(data);
	if (!isPlainObject(upload) || typeof upload.url !== 'string' || !downloadUrl) {
		const sentence = 'WaveSpeed returned no upload URL';
		throw new ApiError('unreadable', sentence, { notProcessed: false });
	}
	if (typeof upload.method === 'string' && upload.method.toUpperCase() !== 'PUT') {
		const sentence = `WaveSpeed asked for an upload by ${toSentence(upload.method)}, which this node does not support`;
		throw new ApiError('refused', sentence, { notProcessed: false });
	}
	return { putUrl: upload.url, headers: stringValues(upload.headers), downloadUrl };
}

/** Where an uploaded file can be read; `url` in older responses. */
export function parseDownloadUrl(data: unknown): string | undefined {
	if (!isPlainObject(data)) return undefined;
	const found = [data.download_url, data.url].find((url) => typeof url === 'string' && url !== '');
	return typeof found === 'string' ? found : undefined;
}

/** As text; lists and objects are left out, as nobody can send them. */
function stringValues(value: unknown): Record<string, string> {
	if (!isPlainObject(value)) return {};
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, text]) => ['string', 'number', 'boolean'].includes(typeof text))
			.map(([name, text]) => [name, String(text)] as const),
	);
}
