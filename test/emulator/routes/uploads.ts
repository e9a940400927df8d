import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { randomBytes } from 'node:crypto';
import { ApiError, success } from '../envelope';
import { readRate, summarize } from './storage';
import { declaredKind } from '../sniff';
import type { EmulatorContext } from '../context';
import { bodyOf, integer, invalid, optionalText, text } from '../validate';

/** Types that are refused before the upload. */
const REFUSED_TYPE = /^(text\/|application\/(json|xml|html|javascript|pdf|zip))/i;

/** The two upload methods: ticket and one step. */
export async function uploadRoutes(app: FastifyInstance, context: EmulatorContext): Promise<void> {
	await app.register(multipart);

	app.post('/api/v3/media/uploads', { config: { name: 'ticket' } }, async (request) => {
		if (context.settings.uploadMethods === 'oneStep') throw new ApiError(404, 'Not found');
		context.ticketLimit.enter();
		const body = bodyOf(request.body);
		const fileName = text(body, 'filename');
		const size = integer(body, 'size', 1, Number.MAX_SAFE_INTEGER);
		const contentType = optionalText(body, 'content_type');
		if (contentType !== undefined && REFUSED_TYPE.test(contentType)) {
			throw invalid('content_type', `unsupported file type ${contentType}`);
		}
		if (size > context.settings.uploadLimitBytes) throw tooLarge(context);
		const ticket = context.uploads.issue(request.account, fileName, size, contentType);
		return success({
			type: declaredKind(fileName, contentType),
			download_url: ticket.downloadUrl,
			filename: fileName,
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
		if (context.settings.uploadMethods === 'ticket') throw new ApiError(404, 'Not found');
		if (!request.isMultipart()) throw new ApiError(400, 'A multipart form is required');
		const limit = context.settings.uploadLimitBytes;
		const part = await request.file({
			limits: { fileSize: limit, files: 1 },
			throwFileSizeLimit: false,
		});
		if (!part || part.fieldname !== 'file' || !part.filename) {
			throw invalid('file', 'one part with this name and a file name is required');
		}
		if (REFUSED_TYPE.test(part.mimetype)) {
			throw invalid('file', `unsupported file type ${part.mimetype}`);
		}
		const id = randomBytes(12).toString('hex');
		const meta = {
			id,
			account: request.account,
			via: 'oneStep' as const,
			fileName: part.filename,
			contentType: part.mimetype,
			downloadUrl: context.uploads.downloadUrl(id, part.filename),
			authorizationSeen: false,
			...readRate(request),
		};
		const file = await context.uploads.store(part.file, meta, (bytes) => {
			if (part.file.truncated) throw tooLarge(context);
			if (bytes === 0) throw invalid('file', 'the file is empty');
		});
		request.record.upload = summarize(file);
		return success({
			type: declaredKind(part.filename, part.mimetype),
			download_url: file.downloadUrl,
			filename: file.fileName,
			size: file.bytes,
		});
	});
}

function tooLarge(context: EmulatorContext): ApiError {
	return new ApiError(
		413,
		`File too large: the limit is ${context.settings.uploadLimitBytes} bytes`,
	);
}
