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

	it.each(['', '   ', 'api.wavespeed.ai', 'wavespeed', '{{ $json.url }}', '//api.wavespeed.ai'])(
		'%j is not a web address',
		(text) => {
			expect(() => normalizeBaseUrl(text)).toThrow(/Base URL .*is not a web address/);
		},
	);

	it.each([
		'http://api.wavespeed.ai',
		'http://127.0.0.1.evil.example',
		'http://localhost.evil.example',
		'http://0.0.0.0',
		'http://10.0.0.1',
		'ftp://api.wavespeed.ai',
		'file:///etc/passwd',
		'javascript:alert(1)',
	])('%j would let the key be read on the way', (text) => {
		expect(() => normalizeBaseUrl(text)).toThrow(/must start with https:\/\//);
	});

	it.each([
		'https://user@api.wavespeed.ai',
		'https://user:secret@api.wavespeed.ai',
		'https://api.wavespeed.ai?x=1',
		'https://api.wavespeed.ai#top',
	])('%j is more than a plain address', (text) => {
		expect(() => normalizeBaseUrl(text)).toThrow(/must be a plain address/);
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
	const HOSTS = [
		'127.0.0.1',
		'127.1',
		'2130706433',
		'0x7f000001',
		'0177.0.0.1',
		'127.0.0.1.',
		'localhost',
		'localhost.',
		'LOCALHOST',
		'a.localhost',
		'localhost.localdomain',
		'0.0.0.0',
		'10.0.0.5',
		'172.16.0.1',
		'192.168.1.1',
		'169.254.169.254',
		'100.100.100.200',
		'metadata.google.internal',
		'metadata',
		'[::1]',
		'[::]',
		'[::ffff:10.0.0.5]',
		'[::ffff:a9fe:a9fe]',
		'[fd00::1]',
		'[fe80::1]',
		'[64:ff9b::7f00:1]',
		'127.0.0.1.nip.io',
	];

	it.each(HOSTS)('(%s) is not used', (host) => {
		expect(transferRefusal(`https://${host}:8443/x`, 'https://api.wavespeed.ai')).toMatch(
			/^leads into a private network \(/,
		);
	});

	it.each(HOSTS)('(%s) is used when the API is on this machine', (host) => {
		expect(transferRefusal(`https://${host}/x`, 'http://127.0.0.1:8080')).toBeUndefined();
	});

	it.each(['storage.example', '8.8.8.8', '172.32.0.1', '[2606:4700::1111]', 'cdn.wavespeed.ai'])(
		'is not %s',
		(host) => {
			expect(transferRefusal(`https://${host}/x`, 'https://api.wavespeed.ai')).toBeUndefined();
		},
	);
});

describe('an address of this n8n that the service is to call', () => {
	const PUBLIC = 'https://api.wavespeed.ai';
	const own = (host: string) => `${host} is only reachable from its own network`;

	it.each([
		['https://n8n.example.com/webhook-waiting/7?signature=a', PUBLIC, undefined],
		['https://[2001:db8::7]/x', PUBLIC, undefined],
		['https://172.32.0.1/x', PUBLIC, undefined],
		['http://127.0.0.1:5678/x', 'http://127.0.0.1:8080', undefined],
		['http://n8n.example.com/x', PUBLIC, 'it does not start with https://'],
		['n8n.example.com/x', PUBLIC, 'it does not start with https://'],
		['n8n.example.com:5678/x', PUBLIC, 'it does not start with https://'],
		['localhost:5678/x', 'http://127.0.0.1:8080', 'it does not start with https://'],
		['', PUBLIC, 'it does not start with https://'],
		['http://localhost:5678/x', PUBLIC, own('localhost:5678')],
		['https://n8n/x', PUBLIC, own('n8n')],
		['https://n8n.local/x', PUBLIC, own('n8n.local')],
		['https://10.1.2.3/x', PUBLIC, own('10.1.2.3')],
		['https://172.16.0.1/x', PUBLIC, own('172.16.0.1')],
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
