import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Emulator } from '../emulator';
import { storageError } from '../envelope';
import { serverTime, type Settings } from '../options';
import type { Ticket } from '../uploads';

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
		const checkSize = (bytes: number) => {
			if (bytes === ticket.size) return;
			throw storageError(400, 'IncompleteBody', `Got ${bytes} of ${ticket.size} bytes`);
		};
		const file = await emulator.files.store(request.raw, ticket, checkSize, readRate(request));
		ticket.used = true;
		request.record.upload = file;
		return await reply.header('etag', `"${file.sha256.slice(0, 32)}"`).send();
	});
}

function checkPut(
	settings: Settings,
	{ headers }: FastifyRequest,
	ticket: Ticket | undefined,
): asserts ticket is Ticket {
	if (!ticket) throw storageError(403, 'AccessDenied', 'Unknown or altered upload URL');
	const length = headers['content-length'];
	const signed = { 'Content-Type': undefined, ...ticket.headers };
	const unsigned = Object.entries(signed).find(
		([name, value]) => headers[name.toLowerCase()] !== value,
	);
	const refusals: Array<[boolean, number, string, string]> = [
		[ticket.expiresAt <= serverTime(settings), 403, 'AccessDenied', 'Request has expired'],
		[headers.authorization !== undefined, 400, 'InvalidArgument', 'The URL is signed already'],
		[unsigned !== undefined, 403, 'SignatureDoesNotMatch', `${unsigned?.[0]} is not as signed`],
		[ticket.used, 412, 'PreconditionFailed', 'There is a file at this address'],
		[length === undefined, 411, 'MissingContentLength', 'You must say the length'],
		[Number(length) !== ticket.size, 400, 'IncompleteBody', `The length must be ${ticket.size}`],
	];
	const [refusal] = refusals.filter(([applies]) => applies);
	if (refusal) throw storageError(refusal[1], refusal[2], refusal[3]);
}

/** The read rate that a `slowRead` fault sets for this upload. */
export function readRate({ fault }: FastifyRequest): { bytesPerSecond?: number } {
	return typeof fault === 'object' && 'slowRead' in fault ? fault.slowRead : {};
}
