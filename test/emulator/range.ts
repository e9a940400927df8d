import type { FastifyRequest } from 'fastify';

export interface RangeResponse {
	status: 200 | 206;
	/** First and last byte, inclusive. */
	start: number;
	end: number;
	headers: Record<string, string>;
}

/** The requested byte range, or all `size` bytes when there is none or its form is unsupported. */
export function requestedRange(request: FastifyRequest, size: number): RangeResponse {
	const found = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
	const start = found ? Number(found[1]) : 0;
	const end = found?.[2] ? Math.min(Number(found[2]), size - 1) : size - 1;
	const headers: Record<string, string> = { 'accept-ranges': 'bytes' };
	if (!found || start > end) {
		return whole(size, headers);
	}
	headers['content-range'] = `bytes ${start}-${end}/${size}`;
	headers['content-length'] = String(end - start + 1);
	return { status: 206, start, end, headers };
}

function whole(size: number, headers: Record<string, string>): RangeResponse {
	headers['content-length'] = String(size);
	return { status: 200, start: 0, end: size - 1, headers };
}
