import type { FastifyInstance } from 'fastify';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ApiError } from '../envelope';
import { isSuccess } from '../job';
import { freeBoxHeader, paddingSize } from '../padding';
import { requestedRange } from '../range';
import { zeros } from '../streams';
import type { EmulatorContext } from '../context';

/** The host of the finished videos. */
export async function cdnRoutes(app: FastifyInstance, context: EmulatorContext): Promise<void> {
	app.get<{ Params: { id: string } }>(
		'/outputs/:id/*',
		{ config: { name: 'download' } },
		async (request, reply) => {
			const job = context.jobs.find(request.params.id);
			if (
				!job?.video ||
				!isSuccess(job.end?.status) ||
				new URL(job.videoUrl).pathname !== request.url
			) {
				throw new ApiError(404, 'Not found', '<html><h1>404 Not Found</h1></html>', {
					'content-type': 'text/html',
				});
			}
			const { video } = job;
			const padding = paddingSize(context.settings.videoPaddingBytes);
			const range = requestedRange(request, video.bytes + padding);
			reply.code(range.status).headers(range.headers);
			reply.header('content-type', job.script.contentType ?? 'video/mp4');
			if (request.method === 'HEAD') return reply.send(Readable.from([]));
			const parts = padded(video.path, video.bytes, padding, range.start, range.end);
			return reply.send(Readable.from(parts, { objectMode: false }));
		},
	);
}

/** Bytes `start` to `end` (inclusive) of the video followed by its padding. */
async function* padded(
	path: string,
	bytes: number,
	padding: number,
	start: number,
	end: number,
): AsyncGenerator<Buffer> {
	if (start < bytes) {
		yield* createReadStream(path, { start, end: Math.min(end, bytes - 1) });
	}
	const header = freeBoxHeader(padding);
	const from = Math.max(start - bytes, 0);
	const to = end + 1 - bytes;
	if (to <= from) return;
	if (from < header.length) yield header.subarray(from, Math.min(to, header.length));
	yield* zeros(to - Math.max(from, header.length));
}
