import { describe, expect, it } from '@jest/globals';
import {
	parseEnvelope,
	retryAfterMs,
	serviceMessage,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/envelope';
import { GATEWAY_PAGE } from '../support/api';
import { START } from '../support/clock';

describe('the sentence of the service', () => {
	it.each<[string, unknown, string]>([
		['{code, message}', { code: 400, message: 'seed is wrong' }, 'seed is wrong'],
		['{message, error_code}', { message: 'No right', error_code: 'denied' }, 'No right'],
		['{error}', { error: 'webhook with base64 output' }, 'webhook with base64 output'],
		['{error: {message}}', { error: { message: 'deep' } }, 'deep'],
		['{detail}', { detail: 'Not Found' }, 'Not Found'],
		['{detail: [text]}', { detail: ['a', 'b'] }, 'a; b'],
		[
			'{detail: [{loc, msg}]}',
			{ detail: [{ loc: ['x'], msg: 'one' }, { msg: 'two' }] },
			'one; two',
		],
		['{errors: [text]}', { errors: ['one', 'two'] }, 'one; two'],
		['{errors: [{message}]}', { errors: [{ message: 'one' }] }, 'one'],
		['{msg}', { msg: 'short' }, 'short'],
		['many lines', { message: '  a\n\n\tb \r\n' }, 'a b'],
		['an empty message, then an error', { message: ' ', error: 'the cause' }, 'the cause'],
		['message before error', { message: 'first', error: 'second' }, 'first'],
		['a list', ['x'], ''],
		['a number', 7, ''],
		['null', null, ''],
		['an empty object', {}, ''],
		['numbers for texts', { message: 7, error: false }, ''],
	])('is found in %s', (_shape, body, sentence) => {
		expect(serviceMessage(JSON.stringify(body))).toBe(sentence);
	});

	it.each([GATEWAY_PAGE, '', '{"message":"x'])('is empty for %j', (text) => {
		expect(serviceMessage(text)).toBe('');
	});

	it('is cut to 500 characters', () => {
		const found = serviceMessage(JSON.stringify({ message: 'x'.repeat(501) }));
		expect(found).toBe(`${'x'.repeat(499)}…`);
		expect(serviceMessage(JSON.stringify({ message: 'x'.repeat(500) }))).toHaveLength(500);
		expect(serviceMessage(JSON.stringify({ errors: [found, found] }))).toHaveLength(500);
	});
});

describe('the envelope', () => {
	it('has a code, a message and data', () => {
		expect(parseEnvelope('{"code":200,"message":"success","data":{"id":"x"}}')).toEqual({
			code: 200,
			message: 'success',
			data: { id: 'x' },
		});
	});

	it.each([
		...['{}', '{"code":"200"}', '[]', 'null', '200', GATEWAY_PAGE, '', '{"code":null}'],
		'{"code":1e999}',
	])('is not there in %s', (text) => {
		expect(parseEnvelope(text)).toBeUndefined();
	});
});

describe('Retry-After', () => {
	it.each<[string, string | undefined, number | undefined]>([
		['seconds', '7', 7_000],
		['zero', '0', 0],
		['parts of a second', '1.5', 1_500],
		['spaces around it', ' 3 ', 3_000],
		['a date to come', 'Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
		['a date that has passed', 'Wed, 31 Dec 2025 23:59:00 GMT', 0],
		['no header', undefined, undefined],
		['an empty header', '', undefined],
		['a word', 'soon', undefined],
		['a number without end', '9'.repeat(400), undefined],
		['a number and a word', '7 s', undefined],
	])('as %s', (_what, value, ms) => {
		const headers: Record<string, string> = value === undefined ? {} : { 'retry-after': value };
		expect(retryAfterMs({ headers }, START)).toBe(ms);
	});
});
