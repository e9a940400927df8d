import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Emulator } from '../emulator';
import { storageError } from '../envelope';
import { serverTime, type Settings } from '../options';
import { summarize, type Ticket } from '../uploads';

/** The storage host: receives the PUT of a ticket, without an API key. */
export function storageRoutes(app: FastifyInstance, emulator: Emulator): void {
	// Passes bodies of any type on as streams.
	app.removeAllContentTypeParsers();
	app.addContentTypeParser('*', (_request, payload, done) => done(null, payload));

	app.put('/put/:id', { config: { name: 'put' } }, async (request, reply) => {
		const ticket = emulator.files.ticketFor(request.url);
		try {
			checkPut(emulator.settings, request, ticket);
		} catch (error) {
			// Without reading the body, some clients would see a broken pipe instead of the response.
			request.raw.resume();
			throw error;
		}
		const { fileName, contentType, downloadUrl } = ticket;
		const type = contentType === undefined ? {} : { contentType };
		const file = await emulator.files.store(
			request.raw,
			{ via: 'ticket', fileName, ...type, downloadUrl },
			(bytes) => {
				if (bytes === ticket.size) return;
				throw storageError(400, 'IncompleteBody', `Got ${bytes} of ${ticket.size} bytes`);
			},
			readRate(request),
		);
		ticket.used = true;
		request.record.upload = summarize(file);
		return await reply.header('etag', `"${file.sha256.slice(0, 32)}"`).send();
	});
}

function checkPut(
	settings: Settings,
	{ headers }: FastifyRequest,
	ticket: Ticket | undefined,
): asserts ticket is Ticket {
	if (!ticket) throw storageError(403, 'AccessDenied', 'Unknown or altered upload URL');
	if (ticket.expiresAt <= serverTime(settings)) {
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
	if (ticket.headers['Content-Type'] === undefined && headers['content-type'] !== undefined) {
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
