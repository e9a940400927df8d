import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { storageError } from '../envelope';
import { requestedRange } from '../range';
import type { UploadSummary } from '../request-log';
import type { Ticket, UploadedFile } from '../uploads';
import type { EmulatorContext } from '../context';

/** The storage host: receives the PUT of a ticket and serves the files, without an API key. */
export async function storageRoutes(app: FastifyInstance, context: EmulatorContext): Promise<void> {
	// Passes bodies of any type on as streams.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

	app.put('/put/:id', { config: { name: 'put' } }, async (request, reply) => {
		const ticket = context.uploads.ticketFor(request.url);
		try {
			if (ticket) ticket.puts += 1;
			checkPut(context, request, ticket);
		} catch (error) {
			// Without reading the body, some clients would see a broken pipe instead of the response.
			request.raw.resume();
			throw error;
		}
		const file = await context.uploads.store(
			request.raw,
			{
				id: ticket.id,
				account: ticket.account,
				via: 'ticket',
				fileName: ticket.fileName,
				...(ticket.contentType === undefined ? {} : { contentType: ticket.contentType }),
				downloadUrl: ticket.downloadUrl,
				authorizationSeen: request.headers.authorization !== undefined,
				...readRate(request),
			},
			(bytes) => {
				if (bytes === ticket.size) return;
				throw storageError(400, 'IncompleteBody', `Got ${bytes} of ${ticket.size} bytes`);
			},
		);
		ticket.used = true;
		request.record.upload = summarize(file);
		return reply
			.code(200)
			.header('etag', `"${file.sha256.slice(0, 32)}"`)
			.send();
	});

	app.get<{ Params: { id: string } }>(
		'/files/:id/*',
		{ config: { name: 'uploadedFile' } },
		async (request, reply) => {
			const file = context.uploads.find(request.params.id);
			if (!file) throw storageError(404, 'NoSuchKey', 'The specified key does not exist.');
			const { status, start, end, headers } = requestedRange(request, file.bytes);
			reply.code(status).headers(headers);
			reply.type(file.contentType ?? 'application/octet-stream');
			const empty = request.method === 'HEAD' || end < start;
			return reply.send(empty ? Readable.from([]) : context.uploads.open(file, start, end));
		},
	);
}

function checkPut(
	context: EmulatorContext,
	request: FastifyRequest,
	ticket: Ticket | undefined,
): asserts ticket is Ticket {
	const { headers } = request;
	if (!ticket) throw storageError(403, 'AccessDenied', 'Unknown or altered upload URL');
	if (ticket.expiresAt <= context.clock.now()) {
		throw storageError(403, 'AccessDenied', 'Request has expired');
	}
	if (headers.authorization !== undefined) {
		const message = 'Only one auth mechanism allowed: the URL is signed already';
		throw storageError(400, 'InvalidArgument', message);
	}
	for (const [name, value] of Object.entries(ticket.headers)) {
		if (headers[name.toLowerCase()] !== value) {
			const message = `The header ${name} is not the signed one`;
			throw storageError(403, 'SignatureDoesNotMatch', message);
		}
	}
	const unsigned = ticket.headers['Content-Type'] === undefined && headers['content-type'];
	if (unsigned && context.settings.refuseUnsignedContentType) {
		const message = 'The header Content-Type is not a signed one';
		throw storageError(403, 'SignatureDoesNotMatch', message);
	}
	if (ticket.used) {
		const message = 'At least one of the pre-conditions you specified did not hold';
		throw storageError(412, 'PreconditionFailed', message);
	}
	if (headers['content-length'] === undefined) {
		throw storageError(411, 'MissingContentLength', 'You must provide the Content-Length header.');
	}
	if (Number(headers['content-length']) !== ticket.size) {
		const message = `Content-Length must be ${ticket.size}, the size in the ticket`;
		throw storageError(400, 'IncompleteBody', message);
	}
}

/** The read rate that a `slowRead` fault sets for this upload. */
export function readRate({ fault }: FastifyRequest): { bytesPerSecond?: number } {
	return typeof fault === 'object' && 'slowRead' in fault ? fault.slowRead : {};
}

export function summarize(file: UploadedFile): UploadSummary {
	return {
		bytes: file.bytes,
		sha256: file.sha256,
		fileName: file.fileName,
		...(file.contentType === undefined ? {} : { contentType: file.contentType }),
	};
}
