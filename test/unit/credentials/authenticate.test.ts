/** Where the key goes, in every form in which n8n's nodes ask for a request. */
import { describe, expect, it } from '@jest/globals';
import type { IHttpRequestOptions } from 'n8n-workflow';
import { WaveSpeedInfiniteTalkApi } from '../../../credentials/WaveSpeedInfiniteTalkApi.credentials';

const KEY = 'wsk_secret_0123456789';
const API = 'https://api.wavespeed.ai';
const BALANCE = `${API}/api/v3/balance`;

async function sign(request: object, credential: object = {}): Promise<Record<string, unknown>> {
	const signed = await new WaveSpeedInfiniteTalkApi().authenticate(
		{ apiKey: KEY, baseUrl: API, ...credential },
		request as IHttpRequestOptions,
	);
	return signed as unknown as Record<string, unknown>;
}

const SIGNED = { Authorization: `Bearer ${KEY}` };

describe('the key is added to a request with', () => {
	it.each<[string, object]>([
		['url', { url: BALANCE }],
		['uri, as of the HTTP Request node', { uri: BALANCE, method: 'POST', body: { a: 1 } }],
		['uri that is a URL', { uri: new URL(BALANCE) }],
		['an empty url and uri', { url: '', uri: BALANCE }],
		['a path and baseURL', { url: '/api/v3/balance', baseURL: API }],
		['a path as uri and baseURL', { uri: 'balance', baseURL: `${API}/api/v3/` }],
		['only baseURL', { baseURL: BALANCE }],
	])('%s', async (_what, request) => {
		const { headers, ...rest } = await sign(request);
		expect(headers).toEqual(SIGNED);
		expect(rest).toMatchObject(request);
	});

	it('headers of its own, less an Authorization, and a key that was pasted with spaces', async () => {
		const own = { accept: 'x/y', authorization: 'Basic x' };
		const { headers } = await sign({ uri: BALANCE, headers: own }, { apiKey: ` ${KEY}\n` });
		expect(headers).toEqual({ accept: 'x/y', ...SIGNED });
	});
});

describe('with a base URL that has a path, the key', () => {
	const baseUrl = 'https://proxy.example/wavespeed/';

	it.each([
		[true, ['/wavespeed', '/wavespeed/', '/wavespeed/api/v3/x?y=z', '/a/../wavespeed/x']],
		[false, ['', '/', '/other', '/wavespeed2/x', '/wavespeed/../other']],
		[false, ['/wavespeed/%2e%2e/other']],
	])('is sent: %s (%j)', async (isSent, paths) => {
		for (const path of paths) {
			const signing = sign({ url: `https://proxy.example${path}` }, { baseUrl });
			if (isSent) expect((await signing).headers).toEqual(SIGNED);
			else await expect(signing).rejects.toMatchObject({ code: 'KEY_NOT_SENT' });
		}
	});
});

it.each<[string, object]>([
	['httpRequest', { url: BALANCE, maxRedirects: 5 }],
	['request', { uri: BALANCE, followRedirect: true, followAllRedirects: true, maxRedirects: 21 }],
])('no redirect is followed by %s', async (_what, request) => {
	expect(await sign(request)).toMatchObject({
		disableFollowRedirect: true,
		followRedirect: false,
		followAllRedirects: false,
		maxRedirects: 0,
	});
});

describe('the key is not sent with', () => {
	it.each<[string, object]>([
		['another host', { url: 'https://evil.example/api/v3/balance' }],
		['another host as uri', { uri: 'https://evil.example' }],
		['another host beside the right one', { url: BALANCE, uri: 'https://evil.example' }],
		['another host in baseURL', { url: '/balance', baseURL: 'https://evil.example' }],
		['another host over baseURL', { url: '//evil.example/x', baseURL: API }],
		['another port', { url: 'https://api.wavespeed.ai:8443/' }],
		['http', { uri: 'http://api.wavespeed.ai/api/v3/balance' }],
		['a longer host', { uri: 'https://api.wavespeed.ai.evil.example/' }],
		['a user name that looks like the host', { uri: 'https://api.wavespeed.ai@evil.example/' }],
		['a path alone', { url: '/api/v3/balance' }],
		['nothing', {}],
	])('%s', async (_what, request) => {
		await expect(sign(request)).rejects.toMatchObject({
			code: 'KEY_NOT_SENT',
			message: expect.stringContaining('only sent to https://api.wavespeed.ai, not '),
		});
	});

	it('an empty key', async () => {
		await expect(sign({ uri: BALANCE }, { apiKey: ' \n' })).rejects.toThrow(/API Key .* is empty/);
	});
});
