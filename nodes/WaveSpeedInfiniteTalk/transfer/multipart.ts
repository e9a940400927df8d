/** A multipart form with one file, of known length, streamed (wavespeed.ai/docs/upload-files-api). */
import { createHash } from 'crypto';
import type { ByteBody, ByteStream } from '../api/http';
import type { LocalFile } from '../inputs/request';

/** The form for the one-step upload: one part called `file`, with the file's name. */
export function multipartForm(
	file: LocalFile,
	type: string,
): { body: ByteBody; contentType: string } {
	const boundary = `----n8n-${createHash('sha256').update(file.fileId).digest('hex').slice(0, 32)}`;
	const name = file.name.replace(/["\\\r\n]/g, '_');
	const head = Buffer.from(
		`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${name}"\r\n` +
			`Content-Type: ${type || 'application/octet-stream'}\r\n\r\n`,
	);
	const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
	return {
		contentType: `multipart/form-data; boundary=${boundary}`,
		body: {
			size: head.length + file.size + tail.length,
			async open() {
				const content = await file.open();
				return content.compose(async function* (source: AsyncIterable<Buffer>) {
					yield head;
					yield* source;
					yield tail;
				}) as ByteStream;
			},
		},
	};
}
