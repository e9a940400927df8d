/** What decides about double payment: what kind of failure it is, and whether anything happened. */
import { describe, expect, it } from '@jest/globals';
import {
	ApiError,
	errorFromResponse,
	toApiError,
	errorFromTransfer,
	isMissingRoute,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import type { ApiErrorKind } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { GATEWAY_PAGE, createResponse, createJob, createRefusal } from '../support/api';
import { START } from '../support/clock';

const SURE = true;
const UNSURE = false;

describe('an answer that is a success', () => {
	it.each([200, 201, 202])('HTTP %i with the envelope code 200', (status) => {
		const answer = createResponse(status, { code: 200, message: 'success', data: {} });
		expect(errorFromResponse(answer, START)).toBeUndefined();
	});

	it('a failed task is not a failure of the call', () => {
		const data = createJob({ status: 'failed', code: 1402, error: 'cannot read' });
		expect(errorFromResponse(createResponse(200, { code: 200, data }), START)).toBeUndefined();
	});
});

const HTTP_TABLE: Array<[number, ApiErrorKind, boolean]> = [
	[400, 'invalid', SURE],
	[401, 'key', SURE],
	[402, 'credit', SURE],
	[403, 'forbidden', SURE],
	[404, 'notFound', SURE],
	[405, 'refused', SURE],
	[408, 'server', UNSURE],
	[409, 'refused', SURE],
	[413, 'tooLarge', SURE],
	[418, 'refused', SURE],
	[422, 'invalid', SURE],
	[429, 'rateLimit', SURE],
	[500, 'server', UNSURE],
	[502, 'server', UNSURE],
	[503, 'server', UNSURE],
	[504, 'server', UNSURE],
	[520, 'server', UNSURE],
	[599, 'server', UNSURE],
];

describe('the status of an answer', () => {
	it.each(HTTP_TABLE)('HTTP %i is %s; certainly nothing happened: %s', (status, kind, sure) => {
		const failure = errorFromResponse(createRefusal(status, 'Because.'), START);
		expect(failure).toMatchObject({ kind, message: 'Because.' });
		expect(failure?.details).toEqual({ status, notProcessed: sure });
		// The same reading request may succeed later.
		expect(failure?.transient).toBe(['rateLimit', 'server'].includes(kind));
	});

	const gateway = HTTP_TABLE.filter(
		([status]) => status >= 500 || [408, 413, 429].includes(status),
	);
	it.each(gateway)('HTTP %i means the same in an HTML page: %s, %s', (status, kind, sure) => {
		const failure = errorFromResponse(createResponse(status, GATEWAY_PAGE), START);
		expect(failure).toMatchObject({ kind, details: { status, notProcessed: sure } });
		expect(failure?.message).toBe(`WaveSpeed returned HTTP ${status}`);
	});

	it.each(HTTP_TABLE)(
		'HTTP %i without a word is %s; certainly nothing: %s',
		(status, kind, sure) => {
			const failure = errorFromResponse(createResponse(status, ''), START);
			expect(failure).toMatchObject({ kind, details: { status, notProcessed: sure } });
		},
	);

	it.each([
		[400, GATEWAY_PAGE, '"502 Bad Gateway"'],
		[401, 'Please log in', '"Please log in"'],
		[403, '<html><style>p{}</style><p>Blocked by <b>policy</b></p></html>', '"Blocked by policy"'],
		[404, '<html></html>', ''],
		[451, '"Denied"', ''],
	])("HTTP %i is a proxy's where its body is not of the API: %j", (status, text, words) => {
		const failure = errorFromResponse(createResponse(status, text), START);
		const said = words && `: ${words}`;
		expect(failure).toMatchObject({
			kind: 'proxy',
			message: `The response did not come from WaveSpeed's API (HTTP ${status}${said})`,
			transient: false,
			// It may have kept back the response to a request that was carried out.
			details: { status, notProcessed: false },
		});
	});

	it.each(['', GATEWAY_PAGE, { code: 407, message: 'Log in' }])(
		"HTTP 407 is always a proxy's: %j",
		(body) => {
			const answer = createResponse(407, body);
			const expected = {
				kind: 'proxy',
				message: 'The proxy requires a user name and password (HTTP 407)',
				details: { status: 407, notProcessed: true },
			};
			expect(errorFromResponse(answer, START)).toMatchObject(expected);
			expect(errorFromTransfer(answer, 'storage.example')).toMatchObject(expected);
		},
	);

	it.each([301, 302, 307, 308])('HTTP %i is a redirect, and none is followed', (status) => {
		const answer = createResponse(status, '', { location: 'https://elsewhere.example' });
		expect(errorFromResponse(answer, START)).toMatchObject({ kind: 'redirect', transient: false });
	});

	it('an error status is a failure even around the envelope code 200', () => {
		const answer = createResponse(502, { code: 200, message: 'success', data: createJob() });
		expect(errorFromResponse(answer, START)).toMatchObject({
			kind: 'server',
			details: { status: 502, code: 200, notProcessed: false },
		});
	});
});

describe('a failure under HTTP 200', () => {
	it.each<[number, ApiErrorKind, boolean]>([
		[400, 'invalid', SURE],
		[401, 'key', SURE],
		[402, 'credit', SURE],
		[403, 'forbidden', SURE],
		[404, 'notFound', SURE],
		[413, 'tooLarge', SURE],
		[429, 'rateLimit', SURE],
		[500, 'server', UNSURE],
		[504, 'server', UNSURE],
		[1200, 'refused', SURE],
		[1400, 'invalid', SURE],
		[1401, 'invalid', SURE],
		[1402, 'refused', SURE],
		[5000, 'server', UNSURE],
		[5003, 'server', UNSURE],
		[5004, 'server', UNSURE],
		[299, 'server', UNSURE],
		[300, 'redirect', SURE],
		[399, 'redirect', SURE],
		[499, 'refused', SURE],
		[999, 'server', UNSURE],
		[1000, 'refused', SURE],
		[1999, 'refused', SURE],
		[2000, 'server', UNSURE],
		[0, 'server', UNSURE],
		[-1, 'server', UNSURE],
		[201, 'server', UNSURE],
		[99999, 'server', UNSURE],
	])('the envelope code %i is %s; certainly nothing happened: %s', (code, kind, sure) => {
		const failure = errorFromResponse(createResponse(200, { code, message: 'Because.' }), START);
		expect(failure).toMatchObject({
			kind,
			message: 'Because.',
			details: { status: 200, code, notProcessed: sure },
		});
	});

	it.each<[string, string]>([
		['a web page', GATEWAY_PAGE],
		['an empty body', ''],
		['half a JSON', '{"code":200,"data":{"id":"e68'],
		['null', 'null'],
		['a list', '[]'],
		['a code that is text', '{"code":"200","data":{"id":"abcd","status":"created"}}'],
		['a prediction without envelope', JSON.stringify(createJob())],
	])('%s cannot be read, and a job may exist', (_what, text) => {
		const failure = errorFromResponse(createResponse(200, text), START);
		expect(failure).toMatchObject({
			kind: 'unreadable',
			message: expect.stringMatching(/^The response did not come from WaveSpeed's API \(HTTP 200/),
		});
		expect(failure?.details).toEqual({ status: 200, notProcessed: false });
	});

	it.each([199, 300])('a success under HTTP %i is none', (status) => {
		const answer = createResponse(status, { code: 200, message: 'success' });
		expect(errorFromResponse(answer, START)?.details).toMatchObject({ status, code: 200 });
	});
});

describe('insufficient credit', () => {
	const SENTENCES = [
		'Insufficient credits',
		'insufficient balance, please top up',
		'Your balance is INSUFFICIENT',
		'Insufficient funds.',
	];

	it.each(SENTENCES)('is told by the words %j under any status and envelope code', (sentence) => {
		for (const status of [400, 402, 403, 429, 500, 503]) {
			const failure = errorFromResponse(createRefusal(status, sentence), START);
			expect(failure).toMatchObject({ kind: 'credit', message: sentence, details: { status } });
		}
		for (const code of [400, 402, 403, 429, 500, 1407, 5000]) {
			const failure = errorFromResponse(createResponse(200, { code, message: sentence }), START);
			expect(failure).toMatchObject({ kind: 'credit', details: { code } });
		}
	});

	it('is told by the words in any error body', () => {
		for (const body of [{ error: SENTENCES[0] }, { detail: [SENTENCES[0]] }]) {
			expect(errorFromResponse(createResponse(400, body), START)).toMatchObject({ kind: 'credit' });
		}
	});

	it('is not told by half of the words', () => {
		const one = errorFromResponse(createRefusal(403, 'Insufficient permission'), START);
		const other = errorFromResponse(createRefusal(403, 'No credits endpoint for you'), START);
		expect([one?.kind, other?.kind]).toEqual(['forbidden', 'forbidden']);
	});
});

describe('a key that lacks a right', () => {
	const refuse = (message: string, error_code: unknown, status = 403) =>
		errorFromResponse(createResponse(status, { code: status, message, error_code }), START);

	it.each([
		['Insufficient permission to read the balance', 'permission_denied'],
		['Insufficient permissions', 'insufficient_permissions'],
		['Insufficient rights for balance', 'balance_read_denied'],
		['The key cannot read credits', 'scope_missing'],
	])('is told by HTTP 403 with a reason (%s, %s)', (message, errorCode) => {
		expect(refuse(message, errorCode)).toMatchObject({
			kind: 'forbidden',
			message,
			details: { status: 403, errorCode },
		});
	});

	it.each([
		...[
			'permission to read the balance',
			'privileges: balance',
			'scope (balance)',
			'role: credits',
		],
		...['balance access denied', 'rights, balance is not allowed'],
	])('is told by its words without a reason (%s)', (words) => {
		const error = refuse(`Insufficient ${words}`, undefined);
		expect(error).toMatchObject({ kind: 'forbidden' });
		expect(error?.details).not.toHaveProperty('errorCode');
		expect(refuse('Insufficient balance, controlled by the payroll', undefined)?.kind).toBe(
			'credit',
		);
	});

	it('is not what a reason of too little money says', () => {
		expect(refuse('Insufficient balance', 'insufficient_balance')?.kind).toBe('credit');
		expect(refuse('Insufficient credits', 'insufficient_credits', 402)?.kind).toBe('credit');
	});
});

describe('HTTP 429', () => {
	it.each([
		...['Upload quota exceeded', 'The storage has no quota left'],
		...['Quota for uploads is used up', 'quota of your storage'],
	])(
		'is an upload quota when the message says so (%s), which waiting does not help',
		(sentence) => {
			const failure = errorFromResponse(createRefusal(429, sentence), START);
			expect(failure).toMatchObject({ kind: 'quota', transient: false });
			expect(errorFromResponse(createRefusal(400, sentence), START)?.kind).toBe('invalid');
		},
	);

	it.each(['Too many requests', 'Request quota exceeded'])(
		'is the rate limit otherwise (%s), and passes',
		(sentence) => {
			const failure = errorFromResponse(createRefusal(429, sentence), START);
			expect(failure).toMatchObject({ kind: 'rateLimit', transient: true });
		},
	);

	it('carries what Retry-After asks for, in seconds or as a date', () => {
		const seconds = createRefusal(429, 'Slow down', { 'retry-after': '30' });
		const date = createRefusal(429, 'Slow down', {
			'retry-after': 'Thu, 01 Jan 2026 00:00:45 GMT',
		});
		expect(errorFromResponse(seconds, START)?.details.retryAfterMs).toBe(30_000);
		expect(errorFromResponse(date, START)?.details.retryAfterMs).toBe(45_000);
	});
});

describe('silence', () => {
	it.each([
		'ECONNREFUSED',
		'ENOTFOUND',
		'EAI_AGAIN',
		...['ERR_INVALID_URL', 'ERR_INVALID_CHAR', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'],
	])('with %s never reached the server', (code) => {
		expect(toApiError(new NoResponseError(code, 'no'))).toMatchObject({
			kind: 'noAnswer',
			transient: true,
			details: { notProcessed: true },
		});
	});

	it.each([
		'ECONNRESET',
		'EPIPE',
		'TIMEOUT',
		'ETIMEDOUT',
		'ECONNABORTED',
		'HPE_INVALID_CONSTANT',
		'UND_ERR_SOCKET',
		'ERR_STREAM_PREMATURE_CLOSE',
		'something new',
	])('with %s may have come after the server took the request', (code) => {
		expect(toApiError(new NoResponseError(code, 'no')).details).toEqual({ notProcessed: false });
	});

	it.each([
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
		['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate'],
		['PROXY', 'proxy'],
	])('with %s never reached the server, and cannot pass by itself', (code, kind) => {
		expect(toApiError(new NoResponseError(code, 'no'))).toMatchObject({
			kind,
			transient: false,
			details: { notProcessed: true },
		});
	});

	it('of a request that was refused on this side never reached the server', () => {
		const refused = new NoResponseError('REFUSED', 'no', true);
		expect(toApiError(refused)).toMatchObject({
			kind: 'notSent',
			transient: false,
			details: { notProcessed: true },
		});
	});
});

describe('a missing route', () => {
	const answers: Array<[number, number | undefined, boolean]> = [
		[404, undefined, true],
		[405, 200, true],
		[404, 500, true],
		[200, 404, true],
		[200, 405, true],
		[200, 400, false],
		[300, 404, false],
		[500, 404, false],
		[403, undefined, false],
	];

	it.each(answers)('is told by HTTP %i with the code %s: %s', (status, code, isMissing) => {
		const details = { status, notProcessed: true, ...(code !== undefined && { code }) };
		expect(isMissingRoute(new ApiError('refused', 'x', details))).toBe(isMissing);
	});

	it('is no other error', () => {
		expect(isMissingRoute(Object.assign(new Error('x'), { details: { status: 404 } }))).toBe(false);
	});
});

describe('an answer of a storage host', () => {
	it.each([199, 300])('HTTP %i is a failure, which says nothing about the request', (status) => {
		const failure = errorFromTransfer(createResponse(status, 'Insufficient funds'), 'host');
		expect(failure).toMatchObject({ name: 'ApiError', details: { status, notProcessed: false } });
		expect(failure?.kind).toBe(status === 300 ? 'redirect' : 'server');
	});

	it.each([200, 201, 204, 299])('HTTP %i is a success whatever its body', (status) => {
		expect(errorFromTransfer(createResponse(status, '<xml/>'), 'host')).toBeUndefined();
	});

	it.each([403, 404, 412, 500])('HTTP %i names the host and the status', (status) => {
		const failure = errorFromTransfer(createResponse(status, '<Error/>'), 'storage.example');
		expect(failure?.message).toBe(`storage.example returned HTTP ${status}`);
		expect(failure?.details.status).toBe(status);
	});
});
