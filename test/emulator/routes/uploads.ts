import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v4';
import type { Emulator } from '../emulator';
import { ApiError, success } from '../envelope';
import { declaredKind } from '../sniff';
import { summarize } from '../uploads';
import { invalid, parse } from '../validate';
import { readRate } from './storage';

/** Types that are refused before the upload. */
const REFUSED_TYPE = /^(text\/|application\/(json|xml|html|javascript|pdf|zip))/i;

const ticketRequest = z.object({
	filename: z.string().min(1),
	size: z.int().min(1),
	content_type: z
		.string()
		.min(1)
		.refine((type) => !REFUSED_TYPE.test(type), { error: 'unsupported file type' })
		.optional(),
});

/** The two upload methods: ticket and one step. */
export async function uploadRoutes(app: FastifyInstance, emulator: Emulator): Promise<void> {
	const { settings, files } = emulator;
	await app.register(multipart);

	app.post('/api/v3/media/uploads', { config: { name: 'ticket' } }, async (request) => {
		emulator.ticketLimit.enter();
		const { filename, size, content_type: contentType } = parse(ticketRequest, request.body);
		if (size > settings.uploadLimitBytes) throw tooLarge(settings.uploadLimitBytes);
		const ticket = files.issue(filename, size, contentType);
		return success({
			type: declaredKind(filename, contentType),
			download_url: ticket.downloadUrl,
			filename,
			size,
			upload: {
				method: 'PUT',
				url: ticket.uploadUrl,
				headers: ticket.headers,
				expires_at: new Date(ticket.expiresAt).toISOString(),
			},
		});
	});

	app.post('/api/v3/media/upload/binary', { config: { name: 'oneStep' } }, async (request) => {
		if (!request.isMultipart()) throw new ApiError(400, 'A multipart form is required');
		const limit = settings.uploadLimitBytes;
		const part = await request.file({
			limits: { fileSize: limit, files: 1 },
			throwFileSizeLimit: false,
		});
		if (!part || part.fieldname !== 'file' || !part.filename) {
			throw invalid('file', 'one part with this name and a file name is required');
		}
		const { filename: fileName, mimetype: contentType } = part;
		if (REFUSED_TYPE.test(contentType)) throw invalid('file', 'unsupported file type');
		const downloadUrl = files.downloadUrl(fileName, contentType);
		const file = await files.store(
			part.file,
			{ via: 'oneStep', fileName, contentType, downloadUrl },
			(bytes) => {
				if (part.file.truncated) throw tooLarge(limit);
				if (bytes === 0) throw invalid('file', 'the file is empty');
			},
			readRate(request),
		);
		request.record.upload = summarize(file);
		return success({
			type: declaredKind(fileName, contentType),
			download_url: downloadUrl,
			filename: fileName,
			size: file.bytes,
		});
	});
}

function tooLarge(limit: number): ApiError {
	return new ApiError(413, `File too large: the limit is ${limit} bytes`);
}
