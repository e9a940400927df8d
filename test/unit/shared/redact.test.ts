import { describe, expect, it } from '@jest/globals';
import { inspect } from 'util';
import {
	redact,
	toCleanError,
	withoutSecrets,
} from '../../../nodes/WaveSpeedInfiniteTalk/shared/redact';

const KEY = 'wsk_secret_0123456789';

describe('a key in any escaping', () => {
	const key = 'wsk/secret+0123=xyz';
	const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(2, '0');
	const each = (escape: (character: string) => string) => [...key].map(escape).join('');
	const basic = (user: string) => Buffer.from(`${user}:${key}`).toString('base64');

	it.each([
		['with JSON slashes', key.replaceAll('/', '\\/')],
		['with a JSON code', key.replaceAll('/', '\\u002f')],
		['in JSON codes', each((character) => `\\u00${hex(character).toUpperCase()}`)],
		['as JSON in JSON', JSON.stringify(key.replaceAll('/', '\\/')).slice(1, -1)],
		['in an address', encodeURIComponent(key)],
		['in an address in an address', encodeURIComponent(encodeURIComponent(key))],
		['in lower case percent codes', each((character) => `%${hex(character)}`)],
		['in HTML codes', key.replaceAll('/', '&#x2F;').replaceAll('+', '&#43;')],
		['in a Basic header', basic('')],
		['in a Basic header with a user', basic('me')],
		['in a Basic header with a user of one letter', basic('m')],
		['in base64 for addresses', Buffer.from(`é:${key}`).toString('base64url')],
		['in base64 with JSON slashes', basic('ab').replaceAll('/', '\\/')],
	])('%s is cut out', (_how, spelling) => {
		const clean = redact(key, `{"message":"Bad ${spelling} here"}`);
		expect(clean).toMatch(/^\{"message":"Bad .{0,8}\*\*\*.{0,4} here"\}$/);
		expect(() => JSON.parse(clean) as unknown).not.toThrow();
	});
});

it.each([
	[KEY, `Bad key ${KEY}, really ${KEY}`, 'Bad key ***, really ***'],
	['', 'Bad key', 'Bad key'],
	['short', 'a short text', 'a short text'],
	[KEY, 'PUT https://s3.example/a/b?X-Sig=1&b=2 failed', 'PUT https://s3.example/a/b failed'],
	[KEY, '"https://s3.example/a#token"', '"https://s3.example/a"'],
	[KEY, 'http://user:pass@s3.example/a', 'http://s3.example/a'],
	[KEY, 'Authorization: bearer abc.def', 'Authorization: Bearer ***'],
	[KEY, 'a question? yes', 'a question? yes'],
	[KEY, 'Bearer  abc, twice Bearer\tdef', 'Bearer *** twice Bearer ***'],
])('without the key %j and other secrets, %j is %j', (key, text, clean) => {
	expect(withoutSecrets(key, text)).toBe(clean);
});

describe('a clean error', () => {
	it('keeps name, words, code, place and cause, and neither key nor signature, however deep', () => {
		const cause = Object.assign(new Error(`socket of ${KEY}`), { code: 'ECONNRESET' });
		const url = 'https://s3.example/a?sig=signed';
		const error = new Error(`PUT ${url} for ${KEY}`, { cause });
		// As Axios makes them.
		error.name = 'AxiosError';
		Object.assign(error, {
			code: 'ERR_BAD_REQUEST',
			config: { headers: { Authorization: `Bearer ${KEY}` }, url },
			request: { _header: `Authorization: Bearer ${KEY}` },
		});
		const clean = toCleanError(error, KEY);
		expect(clean).toMatchObject({
			name: 'AxiosError',
			message: 'PUT https://s3.example/a for ***',
			code: 'ERR_BAD_REQUEST',
			cause: { message: 'socket of ***', code: 'ECONNRESET' },
		});
		const [first, second] = clean.stack!.split('\n');
		expect(first).toBe('AxiosError: PUT https://s3.example/a for ***');
		expect(second).toMatch(/^ +at .*redact\.test/);
		const everything = `${inspect(clean, { depth: 10, showHidden: true })}${JSON.stringify(clean)}`;
		expect(everything).not.toMatch(/wsk_|sig=|Bearer/);
	});

	it.each([undefined, '', 7, {}])('has no cause, and no code where it was %j', (code) => {
		const clean = toCleanError(Object.assign(new Error('x'), { code }));
		expect(Object.keys(clean)).toEqual(['name']);
		expect('cause' in clean).toBe(false);
	});

	it('has of its stack no line of a message', () => {
		const { stack } = toCleanError(new Error(`first\nis ${KEY} at home`), KEY);
		expect(stack).not.toContain(KEY);
	});

	it.each<[unknown, string]>([
		[undefined, 'undefined'],
		['text', 'text'],
		[7, '7'],
		[{ message: 'x' }, '[object Object]'],
		[{ toString: 1 }, 'object'],
	])('is made of %j as well', (thrown, message) => {
		expect(toCleanError(thrown)).toMatchObject({ name: 'Error', message });
	});

	it('ends where causes lead in a circle', () => {
		const error = new Error('again');
		error.cause = error;
		let depth = 1;
		for (let clean = toCleanError(error); clean.cause; clean = clean.cause as Error) depth++;
		expect(depth).toBe(5);
	});
});
