import { describe, expect, it } from '@jest/globals';
import {
	isAllowedTransferUrl,
	normalizeBaseUrl,
	parseUrl,
	unreachableReason,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/urls';

const PUBLIC = 'https://api.wavespeed.ai';
const LOCAL = 'http://127.0.0.1:8080';

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

	it.each([
		[/Base URL .*is not a valid URL/, ['', '   ', 'api.wavespeed.ai', '{{ $json.url }}', '//a.b']],
		[/must start with https:\/\//, ['http://api.wavespeed.ai', 'ftp://a.b', 'file:///etc/passwd']],
		[/must start with https:\/\//, ['http://127.0.0.1.evil.example', 'http://localhost.evil.a']],
		[/must start with https:\/\//, ['http://0.0.0.0', 'http://128.0.0.1', 'http://[::2]']],
		[/must be a plain URL/, ['https://user@a.b', 'https://a.b?x=1', 'https://a.b#top']],
		// Neither a password nor a key in the wrong field is repeated.
		[/^(?!.*secret).*must be a plain URL/, ['https://user:secret@a.b', 'https://:secret@a.b']],
		[/^(?!.*secret).*is not a valid URL/, ['wsk_secret']],
	])('is refused with %s: %j', (reason, texts) => {
		for (const text of texts) expect(() => normalizeBaseUrl(text)).toThrow(reason);
	});
});

it('an address with letters like "ä" is one, however often it is asked', () => {
	const parsed = Array.from({ length: 20_000 }, () => parseUrl('https://bücher.example/ä.png'));
	expect(parsed.every((url) => url !== undefined)).toBe(true);
});

describe('an address that the service names for a transfer', () => {
	const PRIVATE = ['https://169.254.169.254:8443/x', 'https://[::ffff:10.0.0.5]/x'];

	it.each([
		[PUBLIC, true, ['https://storage.example/x']],
		[PUBLIC, false, ['http://127.0.0.1:9000/x', 'http://storage.example/x', '/relative', '']],
		[PUBLIC, false, ['data:video/mp4;base64,AAAA', ...PRIVATE]],
		[LOCAL, true, ['https://storage.example/x', 'http://127.0.0.1:9000/x', ...PRIVATE]],
		[LOCAL, false, ['http://storage.example/x', 'ftp://127.0.0.1/x', 'file:///etc/passwd']],
	])('by %s is trusted: %s (%j)', (base, trusted, addresses) => {
		for (const address of addresses) {
			expect([address, isAllowedTransferUrl(address, base)]).toEqual([address, trusted]);
		}
	});
});

describe('an address of this n8n that the service is to call', () => {
	const NOT_HTTPS = 'it does not start with https://';
	const own = (host: string) => `${host} is only reachable from its own network`;

	it.each([
		['https://n8n.example.com/webhook-waiting/7?signature=a', PUBLIC, undefined],
		['https://[2606:4700::7]/x', PUBLIC, undefined],
		['https://172.32.0.1/x', PUBLIC, undefined],
		['http://127.0.0.1:5678/x', LOCAL, undefined],
		['http://n8n.example.com/x', PUBLIC, NOT_HTTPS],
		['n8n.example.com/x', PUBLIC, NOT_HTTPS],
		['n8n.example.com:5678/x', PUBLIC, NOT_HTTPS],
		['localhost:5678/x', LOCAL, NOT_HTTPS],
		['ftp://n8n.example.com/x', LOCAL, NOT_HTTPS],
		['', PUBLIC, NOT_HTTPS],
		['http://localhost:5678/x', PUBLIC, own('localhost:5678')],
		['https://n8n/x', PUBLIC, own('n8n')],
		['https://192.168.1.9:5678/x', PUBLIC, own('192.168.1.9:5678')],
		['https://[fd00::1]/x', PUBLIC, own('[fd00::1]')],
	])('%j, called from %j: %s', (address, base, why) => {
		expect(unreachableReason(address, base)).toBe(why);
	});
});
