import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { Emulator } from '../emulator';
import { ApiError } from '../envelope';
import { isSuccess } from '../job';

const FREE_BOX_HEADER_BYTES = 8;
const ZEROS = Buffer.alloc(256 * 1024);

/** The host of the uploads and of the finished videos, which open without an API key. */
export function cdnRoutes(app: FastifyInstance, emulator: Emulator): void {
	app.get('/media/*', { config: { name: 'media' } }, async (request, reply) => {
		const file = emulator.files.find(`${emulator.origins.cdn}${request.url}`);
		if (!file?.path) throw notFound();
		const { path, bytes, contentType } = file;
		return await sendRange(request, reply, { path, bytes, size: bytes, contentType });
	});

	app.get<{ Params: { id: string } }>(
		'/outputs/:id/*',
		{ config: { name: 'download' } },
		async (request, reply) => {
			const job = emulator.jobs.find(request.params.id);
			const isThere = job?.videoUrl.endsWith(request.url) && isSuccess(job.status);
			if (!job?.video || !isThere) throw notFound();
			const { path, bytes } = job.video;
			const size = bytes + emulator.settings.videoPaddingBytes;
			const contentType = job.script.contentType ?? 'video/mp4';
			return await sendRange(request, reply, { path, bytes, size, contentType });
		},
	);
}

function notFound(): ApiError {
	const html = { 'content-type': 'text/html' };
	return new ApiError(404, 'Not found', '<html><h1>404 Not Found</h1></html>', html);
}

interface Content {
	path: string;
	/** Of the file itself. */
	bytes: number;
	/** With the padding behind it. */
	size: number;
	contentType: string | undefined;
}

async function sendRange(
	request: FastifyRequest,
	reply: FastifyReply,
	content: Content,
): Promise<FastifyReply> {
	const { size, contentType = 'application/octet-stream' } = content;
	const range = requestedRange(request.headers.range, size);
	const [start, end] = range ?? [0, size - 1];
	reply.headers({
		'accept-ranges': 'bytes',
		'content-length': end - start + 1,
		'content-type': contentType,
	});
	if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`);
	return await reply.send(Readable.from(padded(content, start, end), { objectMode: false }));
}

/** First and last byte (inclusive), or nothing when no range of `size` bytes is asked for. */
function requestedRange(header: string | undefined, size: number): [number, number] | undefined {
	const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
	const [start, end] = [Number(from), Math.min(Number(to || size), size - 1)];
	return from !== undefined && start <= end ? [start, end] : undefined;
}

/** Bytes `start` to `end` (inclusive) of the video and an MP4 `free` box, which players skip. */
async function* padded(
	{ path, bytes, size }: Content,
	start: number,
	end: number,
): AsyncGenerator<Buffer> {
	if (start < bytes) yield* createReadStream(path, { start, end: Math.min(end, bytes - 1) });
	if (size === bytes) return;
	const header = Buffer.alloc(FREE_BOX_HEADER_BYTES);
	header.writeUInt32BE(size - bytes, 0);
	header.write('free', 4, 'latin1');
	const [from, to] = [Math.max(start - bytes, 0), end + 1 - bytes];
	if (from < to) yield header.subarray(from, to);
	let left = to - Math.max(from, header.length);
	for (; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, left);
}
