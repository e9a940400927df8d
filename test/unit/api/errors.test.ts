/** What decides about double payment: what kind of failure it is, and whether anything happened. */
import { describe, expect, it } from '@jest/globals';
import type { ApiErrorKind } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import {
	errorFromResponse,
	toApiError,
	errorFromTransfer,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { GATEWAY_PAGE, createResponse, createJob } from '../support/api';
import { START } from '../support/clock';

const failureOf = (status: number, body: unknown, headers = {}) =>
	errorFromResponse(createResponse(status, body, headers), START);

/** Nothing happened: the same request may be sent again. */
const SURE = true;
const UNSURE = false;
/** The same reading request may succeed later. */
const TRANSIENT: ApiErrorKind[] = ['rateLimit', 'server', 'unreadable', 'noAnswer'];
/** What the service's own gateway refuses with a page. */
const PAGES_OF_GATEWAY = [408, 413, 429];
const NOT_OURS = "The response did not come from WaveSpeed's API";

it.each([200, 201, 202])('HTTP %i with the envelope code 200 is a success', (status) => {
	const failedJob = createJob({ status: 'failed', code: 1402, error: 'cannot read' });
	expect(failureOf(status, { code: 200, message: 'success', data: failedJob })).toBeUndefined();
});

it.each([199, 300, 502])('HTTP %i is a failure even around the envelope code 200', (status) => {
	const failure = failureOf(status, { code: 200, message: 'success', data: createJob() });
	expect(failure?.details).toMatchObject({ status, code: 200 });
});

it.each<[ApiErrorKind, boolean, number[]]>([
	['invalid', SURE, [400, 422, 1400, 1401]],
	['key', SURE, [401]],
	['credit', SURE, [402]],
	['forbidden', SURE, [403]],
	['notFound', SURE, [404]],
	['tooLarge', SURE, [413]],
	['rateLimit', SURE, [429]],
	['redirect', SURE, [300, 301, 302, 307, 308, 399]],
	['refused', SURE, [405, 409, 418, 499, 1000, 1200, 1402, 1999]],
	['server', UNSURE, [408, 500, 502, 503, 504, 520, 599]],
	['server', UNSURE, [-1, 0, 201, 299, 999, 2000, 5000, 5003, 5004, 99999]],
])('%s; certainly nothing happened: %s; for each code of %j', (kind, notProcessed, codes) => {
	const expected = { kind, message: 'Because.', transient: TRANSIENT.includes(kind) };
	for (const code of codes) {
		const underOk = failureOf(200, { code, message: 'Because.' });
		expect(underOk).toMatchObject(expected);
		expect(underOk?.details).toEqual({ status: 200, code, notProcessed });
		if (code < 300 || code > 599) continue;
		const details = { status: code, notProcessed };
		const refusal = failureOf(code, { code, message: 'Because.' });
		expect(refusal).toMatchObject(expected);
		expect(refusal?.details).toEqual(details);
		const message = `WaveSpeed returned HTTP ${code}`;
		const texts = code >= 500 || PAGES_OF_GATEWAY.includes(code) ? ['', GATEWAY_PAGE] : [''];
		for (const text of texts) {
			expect(failureOf(code, text)).toMatchObject({ kind, message, details });
		}
	}
});

describe('an answer that is not of the API', () => {
	it.each([
		[400, GATEWAY_PAGE, ': "502 Bad Gateway"'],
		[401, 'Please log in', ': "Please log in"'],
		[403, '<html><style>p{}</style><p>No <b>entry</b></p></html>', ': "No entry"'],
		[404, '<html></html>', ''],
		[451, '"Denied"', ''],
	])(
		"(HTTP %i: %s) is a proxy's, behind which anything may have happened",
		(status, text, said) => {
			expect(failureOf(status, text)).toMatchObject({
				kind: 'proxy',
				message: `${NOT_OURS} (HTTP ${status}${said})`,
				transient: false,
				details: { status, notProcessed: UNSURE },
			});
		},
	);

	it.each(['', GATEWAY_PAGE, { code: 407, message: 'Log in' }])(
		"(HTTP 407: %j) is a proxy's that let nothing through",
		(body) => {
			const expected = {
				kind: 'proxy',
				message: 'The proxy requires a user name and password (HTTP 407)',
				details: { status: 407, notProcessed: SURE },
			};
			expect(failureOf(407, body)).toMatchObject(expected);
			const transfer = errorFromTransfer(createResponse(407, body), 'storage.example');
			expect(transfer).toMatchObject(expected);
		},
	);

	it.each([
		...[GATEWAY_PAGE, '', '{"code":200,"data":{"id":"e68', '[]', '{}', 'null', '200'],
		...['{"code":"200","data":{"id":"abcd","status":"created"}}', '{"code":1e999}'],
		JSON.stringify(createJob()),
	])('(HTTP 200: %s) cannot be read, and a job may exist', (body) => {
		const failure = failureOf(200, body);
		expect(failure).toMatchObject({ kind: 'unreadable', transient: true });
		expect(failure?.message).toContain(`${NOT_OURS} (HTTP 200`);
		expect(failure?.details).toEqual({ status: 200, notProcessed: UNSURE });
	});
});

describe('the words of a refusal', () => {
	it.each<[ApiErrorKind, number, string, string[]]>([
		['credit', 400, '', ['Insufficient credits', 'insufficient balance, please top up']],
		['credit', 1407, '', ['Your balance is INSUFFICIENT', 'Insufficient funds.']],
		['credit', 403, '', ['Insufficient balance, controlled by the payroll']],
		['credit', 403, 'insufficient_balance', ['Insufficient balance']],
		['credit', 402, 'insufficient_credits', ['Insufficient credits']],
		['forbidden', 403, '', ['Insufficient permission', 'No credits endpoint for you']],
		// A right that a key lacks.
		['forbidden', 403, '', ['Insufficient permission to read the balance']],
		['forbidden', 403, '', ['Insufficient privileges: balance', 'Insufficient scope (balance)']],
		['forbidden', 403, '', ['Insufficient role: credits', 'Insufficient balance access denied']],
		['forbidden', 403, '', ['Insufficient rights, balance is not allowed']],
		['forbidden', 403, 'balance_read_denied', ['Insufficient rights for balance']],
		['forbidden', 403, 'scope_missing', ['The key cannot read credits']],
		// Waiting does not help against an upload quota.
		['quota', 429, '', ['Upload quota exceeded', 'The storage has no quota left']],
		['quota', 429, '', ['Quota for uploads is used up', 'quota of your storage']],
		['rateLimit', 429, '', ['Request quota exceeded']],
		['invalid', 400, '', ['Upload quota exceeded']],
	])('tell %s under the code %i with the reason "%s": %j', (kind, code, reason, sentences) => {
		for (const message of sentences) {
			const body = { code, message, error_code: reason };
			for (const status of code < 1000 ? [200, code] : [200]) {
				const failure = failureOf(status, body);
				expect(failure).toMatchObject({ kind, message, transient: TRANSIENT.includes(kind) });
				expect(failure?.details.errorCode).toBe(reason || undefined);
			}
		}
	});

	const long = 'x'.repeat(501);

	it.each<[string, unknown, string]>([
		['{error}', { error: 'webhook with base64 output' }, 'webhook with base64 output'],
		['{error: {message}}', { error: { message: 'deep' } }, 'deep'],
		['{detail}', { detail: 'Not Found' }, 'Not Found'],
		['{detail: [text]}', { detail: ['a', 'b'] }, 'a; b'],
		[
			'{detail: [{loc, msg}]}',
			{ detail: [{ loc: ['x'], msg: 'one' }, { msg: 'two' }] },
			'one; two',
		],
		['{errors: [{message}]}', { errors: [{ message: 'one' }] }, 'one'],
		['{msg}', { msg: 'short' }, 'short'],
		['many lines', { message: '  a\n\n\tb \r\n' }, 'a b'],
		['more than 500 characters', { message: long }, `${'x'.repeat(499)}…`],
		['a list of them', { errors: [long, long] }, `${'x'.repeat(499)}…`],
		['500 characters', { message: 'x'.repeat(500) }, 'x'.repeat(500)],
		['an empty message, then an error', { message: ' ', error: 'the cause' }, 'the cause'],
		['message before error', { message: 'first', error: 'second' }, 'first'],
		['an empty object', {}, 'WaveSpeed returned HTTP 400'],
		['numbers for texts', { message: 7, error: false }, 'WaveSpeed returned HTTP 400'],
	])('are found in %s', (_shape, body, sentence) => {
		expect(failureOf(400, body)?.message).toBe(sentence);
	});

	it.each<[string, string | undefined, number | undefined]>([
		['seconds', '7', 7_000],
		['zero', '0', 0],
		['parts of a second', '1.5', 1_500],
		['spaces around it', ' 3 ', 3_000],
		['a date to come', 'Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
		['a date that has passed', 'Wed, 31 Dec 2025 23:59:00 GMT', 0],
		['no header', undefined, undefined],
		['an empty header', '', undefined],
		['a number without end', '9'.repeat(400), undefined],
		['a number and a word', '7 s', undefined],
	])('may ask for a pause by Retry-After: %s', (_what, value, ms) => {
		const headers = value === undefined ? {} : { 'retry-after': value };
		expect(failureOf(429, { code: 429 }, headers)?.details.retryAfterMs).toBe(ms);
	});
});

describe('silence', () => {
	it.each<[ApiErrorKind, boolean, string[]]>([
		['noAnswer', SURE, ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ERR_INVALID_URL']],
		['noAnswer', SURE, ['ERR_INVALID_CHAR', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID']],
		['noAnswer', UNSURE, ['ECONNRESET', 'EPIPE', 'TIMEOUT', 'ETIMEDOUT', 'ECONNABORTED']],
		['noAnswer', UNSURE, ['HPE_INVALID_CONSTANT', 'UND_ERR_SOCKET', 'something new']],
		['certificate', SURE, ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN']],
		['certificate', SURE, ['UNABLE_TO_VERIFY_LEAF_SIGNATURE']],
		['certificate', SURE, ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY']],
		['proxy', SURE, ['PROXY']],
	])('is %s; it certainly never reached the server: %s (%j)', (kind, notProcessed, codes) => {
		for (const code of codes) {
			const failure = toApiError(new NoResponseError(code, 'no'));
			expect(failure).toMatchObject({ kind, transient: kind === 'noAnswer' });
			expect(failure.details).toEqual({ notProcessed });
		}
	});

	it('of a request that was refused on this side never reached the server', () => {
		const failure = toApiError(new NoResponseError('REFUSED', 'no', true));
		expect(failure).toMatchObject({ kind: 'notSent', transient: false });
		expect(failure.details).toEqual({ notProcessed: SURE });
	});
});

describe('an answer of a storage host', () => {
	it.each([200, 201, 204, 299])('HTTP %i is a success whatever its body', (status) => {
		expect(errorFromTransfer(createResponse(status, '<xml/>'), 'host')).toBeUndefined();
	});

	it.each<[number, ApiErrorKind]>([
		[199, 'server'],
		[300, 'redirect'],
		[403, 'forbidden'],
		[412, 'refused'],
	])('HTTP %i is %s, names the host and says nothing about the request', (status, kind) => {
		const failure = errorFromTransfer(createResponse(status, 'Insufficient funds'), 'a.example');
		expect(failure).toMatchObject({
			name: 'ApiError',
			kind,
			message: `a.example returned HTTP ${status}`,
			details: { status, notProcessed: UNSURE },
		});
	});
});
