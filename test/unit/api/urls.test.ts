import { describe, expect, it } from '@jest/globals';
import {
	isLoopback,
	isAllowedTransferUrl,
	normalizeBaseUrl,
	parseUrl,
	parseWebUrl,
	transferRefusal,
	unreachableReason,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/urls';

describe('the base URL of the credential', () => {
	it.each([
		['https://api.wavespeed.ai', 'https://api.wavespeed.ai'],
		['https://api.wavespeed.ai/', 'https://api.wavespeed.ai'],
		['  https://api.wavespeed.ai//\n', 'https://api.wavespeed.ai'],
		['https://proxy.example/wavespeed/', 'https://proxy.example/wavespeed'],
		['HTTPS://API.WaveSpeed.AI', 'https://api.wavespeed.ai'],
		['http://127.0.0.1:8080/', 'http://127.0.0.1:8080'],
		['http://127.9.9.9', 'http://127.9.9.9'],
		['http://localhost:3000', 'http://localhost:3000'],
		['http://LOCALHOST', 'http://localhost'],
		['http://[::1]:8080', 'http://[::1]:8080'],
	])('%j is stored as %j', (text, stored) => {
		expect(normalizeBaseUrl(text)).toBe(stored);
	});

	const NO_ADDRESS = /Base URL .*is not a valid URL/;
	const NOT_HTTPS = /must start with https:\/\//;
	const NOT_PLAIN = /must be a plain URL/;

	it.each([
		['', NO_ADDRESS],
		['   ', NO_ADDRESS],
		['api.wavespeed.ai', NO_ADDRESS],
		['{{ $json.url }}', NO_ADDRESS],
		['//api.wavespeed.ai', NO_ADDRESS],
		['http://api.wavespeed.ai', NOT_HTTPS],
		['http://127.0.0.1.evil.example', NOT_HTTPS],
		['http://localhost.evil.example', NOT_HTTPS],
		['http://0.0.0.0', NOT_HTTPS],
		['http://10.0.0.1', NOT_HTTPS],
		['ftp://api.wavespeed.ai', NOT_HTTPS],
		['file:///etc/passwd', NOT_HTTPS],
		['https://user@api.wavespeed.ai', NOT_PLAIN],
		['https://user:secret@api.wavespeed.ai', NOT_PLAIN],
		['https://api.wavespeed.ai?x=1', NOT_PLAIN],
		['https://api.wavespeed.ai#top', NOT_PLAIN],
	])('%j is refused: %s', (text, reason) => {
		expect(() => normalizeBaseUrl(text)).toThrow(reason);
	});

	it.each([
		['password', 'https://user:secret@api.wavespeed.ai'],
		['key in the wrong field', 'wsk_secret'],
	])('a %s is not repeated', (_what, text) => {
		expect(() => normalizeBaseUrl(text)).toThrow(
			expect.objectContaining({ message: expect.not.stringContaining('secret') }),
		);
	});
});

it.each([
	['http://127.0.0.1', true],
	['http://127.255.0.3:99', true],
	['https://localhost', true],
	['http://[::1]', true],
	['http://128.0.0.1', false],
	['http://127.0.0.1.nip.io', false],
	['http://notlocalhost', false],
	['http://[::2]', false],
])('%s is this machine: %s', (address, loopback) => {
	expect(isLoopback(parseUrl(address)!)).toBe(loopback);
});

it('an address with letters like "ä" is one, however often it is asked', () => {
	const parsed = Array.from({ length: 20_000 }, () => parseUrl('https://bücher.example/ä.png'));
	expect(parsed.every((url) => url !== undefined)).toBe(true);
});

it('a text that is no address is not parsed', () => {
	expect(parseUrl('no address')).toBeUndefined();
});

describe('an address that the service names for a transfer', () => {
	it.each([
		['https://storage.example/x', 'https://api.wavespeed.ai', true],
		['https://storage.example/x', 'http://127.0.0.1:8080', true],
		['http://127.0.0.1:9000/x', 'http://localhost:8080', true],
		['http://127.0.0.1:9000/x', 'https://api.wavespeed.ai', false],
		['http://storage.example/x', 'https://api.wavespeed.ai', false],
		['http://storage.example/x', 'http://127.0.0.1:8080', false],
		['ftp://127.0.0.1/x', 'http://127.0.0.1:8080', false],
		['file:///etc/passwd', 'http://127.0.0.1:8080', false],
		['data:video/mp4;base64,AAAA', 'https://api.wavespeed.ai', false],
		['/relative', 'https://api.wavespeed.ai', false],
		['', 'https://api.wavespeed.ai', false],
	])('%j named by %j is trusted: %s', (address, base, trusted) => {
		expect(isAllowedTransferUrl(address, base)).toBe(trusted);
	});
});

describe('an address inside of a private network', () => {
	const HOSTS = ['169.254.169.254', '[::ffff:10.0.0.5]'];

	it.each(HOSTS)('(%s) is not used', (host) => {
		expect(transferRefusal(`https://${host}:8443/x`, 'https://api.wavespeed.ai')).toMatch(
			/^points to a private network \(/,
		);
	});

	it.each(HOSTS)('(%s) is used when the API is on this machine', (host) => {
		expect(transferRefusal(`https://${host}/x`, 'http://127.0.0.1:8080')).toBeUndefined();
	});
});

describe('an address of this n8n that the service is to call', () => {
	const PUBLIC = 'https://api.wavespeed.ai';
	const own = (host: string) => `${host} is only reachable from its own network`;

	it.each([
		['https://n8n.example.com/webhook-waiting/7?signature=a', PUBLIC, undefined],
		['https://[2606:4700::7]/x', PUBLIC, undefined],
		['https://172.32.0.1/x', PUBLIC, undefined],
		['http://127.0.0.1:5678/x', 'http://127.0.0.1:8080', undefined],
		['http://n8n.example.com/x', PUBLIC, 'it does not start with https://'],
		['n8n.example.com/x', PUBLIC, 'it does not start with https://'],
		['n8n.example.com:5678/x', PUBLIC, 'it does not start with https://'],
		['localhost:5678/x', 'http://127.0.0.1:8080', 'it does not start with https://'],
		['', PUBLIC, 'it does not start with https://'],
		['http://localhost:5678/x', PUBLIC, own('localhost:5678')],
		['https://n8n/x', PUBLIC, own('n8n')],
		['https://192.168.1.9:5678/x', PUBLIC, own('192.168.1.9:5678')],
		['https://[fd00::1]/x', PUBLIC, own('[fd00::1]')],
	])('%j, called from %j: %s', (address, base, why) => {
		expect(unreachableReason(address, base)).toBe(why);
	});
});

it.each([
	['https://a.example/x', true],
	['http://a.example', true],
	['ftp://a.example', false],
	['a.example:80/x', false],
	['', false],
])('%j is a web address: %s', (text, web) => {
	expect(parseWebUrl(text) !== undefined).toBe(web);
});
