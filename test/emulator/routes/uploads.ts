import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v4';
import type { Emulator } from '../emulator';
import { ApiError, success } from '../envelope';
import { declaredKind } from '../sniff';
import type { UploadMeta } from '../uploads';
import { invalid, parse } from '../validate';
import { readRate } from './storage';

/** Largest upload in bytes. */
const LIMIT = 200 * 1024 * 1024;

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
export async function uploadRoutes(app: FastifyInstance, { files }: Emulator): Promise<void> {
	await app.register(multipart);

	app.post('/api/v3/media/uploads', { config: { name: 'ticket' } }, async ({ body }) => {
		const { filename, size, content_type: contentType } = parse(ticketRequest, body);
		if (size > LIMIT) throw tooLarge();
		const ticket = files.issue(filename, size, contentType);
		const { uploadUrl: url, headers } = ticket;
		const expires_at = new Date(ticket.expiresAt).toISOString();
		return success({
			...described(ticket, size),
			upload: { method: 'PUT', url, headers, expires_at },
		});
	});

	app.post('/api/v3/media/upload/binary', { config: { name: 'oneStep' } }, async (request) => {
		if (!request.isMultipart()) throw new ApiError(400, 'A multipart form is required');
		const limits = { fileSize: LIMIT, files: 1 };
		const part = await request.file({ limits, throwFileSizeLimit: false });
		if (!part || part.fieldname !== 'file' || !part.filename) {
			throw invalid('file', 'one part with this name and a file name is required');
		}
		if (REFUSED_TYPE.test(part.mimetype)) throw invalid('file', 'unsupported file type');
		const meta = files.meta(part.filename, part.mimetype);
		const check = (bytes: number) => {
			if (part.file.truncated) throw tooLarge();
			if (bytes === 0) throw invalid('file', 'the file is empty');
		};
		const file = await files.store(part.file, meta, check, readRate(request));
		request.record.upload = file;
		return success(described(file, file.bytes));
	});
}

function described({ fileName, contentType, downloadUrl }: UploadMeta, size: number): object {
	const type = declaredKind(fileName, contentType);
	return { type, download_url: downloadUrl, filename: fileName, size };
}

function tooLarge(): ApiError {
	return new ApiError(413, `File too large: the limit is ${LIMIT} bytes`);
}
