import { expect, it } from '@jest/globals';
import { checkCallbackUrl } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/callbackUrl';

it.each([
	['https://n8n.example.com/webhook/a?b=1&c=2', 'https://n8n.example.com/webhook/a?b=1&c=2'],
	[' https://n8n.example.com/a b?c=ä d ', 'https://n8n.example.com/a%20b?c=%C3%A4%20d'],
	['https://n8n.example.com:8443/webhook-tests/a', 'https://n8n.example.com:8443/webhook-tests/a'],
])('%j is called as %s', (value, url) => {
	expect(checkCallbackUrl(value)).toEqual({ url });
});

it.each(['https://n8n.example.com/webhook-test/a', 'https://n8n.example.com/n8n/form-test/b'])(
	'the test address %s is called, with a hint',
	(url) => {
		const note = expect.stringContaining('production URL');
		expect(checkCallbackUrl(url)).toEqual({ url, note });
	},
);

it.each<[unknown, string]>([
	['my-hook', '"my-hook" is not a valid URL'],
	['ftp://n8n.example.com/a', '"ftp://n8n.example.com/a" is not a valid URL'],
	['https://a.example.com https://b.example.com', 'is not a valid URL'],
	['  ', '"" is not a valid URL'],
	[{ url: 'x' }, '{"url":"x"} is not a valid URL'],
	[undefined, 'the expression returns nothing'],
	[null, 'the expression returns nothing'],
	['https://n8n.example.com/{{ $json.hook }}', 'is not a valid URL'],
	['https://me:secret@n8n.example.com/a', 'the URL of n8n.example.com contains a user name or'],
	['https://:secret@n8n.example.com/a', 'the URL of n8n.example.com contains a user name or'],
	['https://localhost:5678/webhook/a', 'WaveSpeed cannot reach localhost:5678'],
	['http://10.0.0.5/x', 'WaveSpeed cannot reach 10.0.0.5'],
	['http://n8n.example.com/a', '"http://n8n.example.com/a" does not start with https://'],
])('%j is refused', (value, message) => {
	const checked = checkCallbackUrl(value);
	expect(checked).toEqual({
		message: expect.stringContaining(message),
		advice: expect.stringMatching(/\.$/),
	});
	expect(JSON.stringify(checked)).not.toContain('secret');
});

it('an empty option asks for no call', () => {
	expect(checkCallbackUrl('')).toBeUndefined();
});
