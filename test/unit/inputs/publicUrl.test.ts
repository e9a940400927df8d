/** Addresses that the node fetches, and those of which their text tells that it does not. */
import { describe, expect, it } from '@jest/globals';
import { checkPublicUrl } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/publicUrl';

const INVISIBLE = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u202e', '\0', '\u00a0'];

function sent(text: string): string {
	const checked = checkPublicUrl(text, 'Image');
	if ('message' in checked) throw new Error(`${text} is refused: ${checked.message}`);
	return checked.url;
}

function refusalOf(text: string): { message: string; advice: string } {
	const checked = checkPublicUrl(text, 'Image');
	if ('url' in checked) throw new Error(`${text} is taken`);
	expect(checked.message.length).toBeLessThan(200);
	expect(checked.advice).toMatch(/^[A-Z].*\.$/);
	return checked;
}

describe('an address that is taken', () => {
	it.each([
		'https://files.example/a.png',
		'http://files.example:8080/a.wav?sig=a%20b&x=1#t',
		'https://8.8.8.8/a.png',
		'https://[2001:4860:4860::8888]/a.png',
		'https://h.example/My%20Podcast%20(1).mp3',
		'https://s3.amazonaws.com/b/k?X-Amz-Credential=A%2F1&X-Amz-Signature=ab%3D%3D',
		'https://web.archive.org/web/2020/https://h.example/a.png',
		'https://images.weserv.nl/?url=https://h.example/a.png&w=10',
		'https://res.cloudinary.com/demo/image/fetch/w_200/https://h.example/a.png',
		'https://h.example/a,b;c/@me/a+b!$&.mp3',
		'https://172.15.0.1/a.png',
		'https://100.63.0.1/a.png',
		'https://localhost.example/a.png',
		'https://local.example/internal/a.png',
	])('%s is sent as it is', (url) => {
		expect(sent(url)).toBe(url);
	});

	it.each([
		['  https://h.example/a.png\n', 'https://h.example/a.png'],
		['\u200bhttps://h.example/a.png\u200b\ufeff', 'https://h.example/a.png'],
		['https://h.example/My Podcast (1).mp3', 'https://h.example/My%20Podcast%20(1).mp3'],
		['https://h.example/100% real.mp3', 'https://h.example/100%25%20real.mp3'],
		['https://h.example/ä ö.png?q=ü', 'https://h.example/%C3%A4%20%C3%B6.png?q=%C3%BC'],
		['HTTPS://H.EXAMPLE:443/A.png', 'https://h.example/A.png'],
		['https:/h.example/a.png', 'https://h.example/a.png'],
		['https:///h.example/a.png', 'https://h.example/a.png'],
		['https://h.example/a/../b.png', 'https://h.example/b.png'],
	])('%j is sent as %j', (text, url) => {
		expect(sent(text)).toBe(url);
		expect(sent(url)).toBe(url);
	});
});

it.each([
	'https://https://h.example/a',
	'http:https://h.example/a',
	'https:\\\\h.example\\a.png',
	'https://h.example/a\\b.png',
	'https://h.example/a.png"',
	'"https://h.example/a.png"',
	'<https://h.example/a.png>',
	'(https://h.example/a.png)',
	'[a](https://h.example/a.png)',
	'https://h.example/a.png)',
	'https://h.example/a.png,',
	'https://h.example/a.png.',
	'https://h.example/{id}.png',
	'=https://h.example/a.png',
	'https//h.example/a.png',
	'www.h.example/a.png',
	'https://',
	'https://?a',
	'https://h.example:99999/a.png',
	'https://h ost.example/a.png',
	'ftp://h.example/a.png',
	's3://bucket/a.png',
	'image',
	...INVISIBLE.map((sign) => `https://h.example/a${sign}b.png`),
	...INVISIBLE.map((sign) => `https://h${sign}.example/ab.png`),
])('%j is not a valid URL', (text) => {
	expect(refusalOf(text).message).toMatch(/ is not a valid URL$/);
});

it.each([
	'https://h.example/a.png,https://h.example/b.png',
	'https://h.example/a.png, https://h.example/b.png',
	'https://h.example/a.png\nhttps://h.example/b.png',
	'https://h.example/a.png|http://h.example/b.png',
	'https://h.example/a.pnghttps://h.example/b.png',
])('%j is more than one address', (text) => {
	expect(refusalOf(text).message).toMatch(/ is more than one URL$/);
});

it.each([
	'{{ $json.url }}',
	'https://h.example/{{ $json.id }}',
	'$json.url',
	'undefined',
	'[object Object]',
	'https://h.example/[object Object]',
	'https://h.example/undefined',
	'https://h.example/undefined.png',
	'https://h.example/null/a.png',
	'https://h.example/a.png?id=undefined',
	'https://h.example/a.png?id=%5Bobject%20Object%5D',
	'https://undefined/a.png',
])('%j has no result of an expression', (text) => {
	expect(refusalOf(text).message).toMatch(/without a result/);
});

describe('an address of the own network', () => {
	it.each([
		'http://minio:9000/b/a.png',
		'http://nas.local/a.png',
		'https://localhost./a.wav',
		'http://127.1/a.png',
		'http://１９２.168.1.5/a.png',
		'http://[::ffff:10.0.0.5]/a.png',
	])('%s is refused', (url) => {
		const { message, advice } = refusalOf(url);
		expect(message).toMatch(/ points to a private network \(.*\)$/);
		expect(advice).toContain('switch Image to File');
	});
});

it.each([
	['https://me:secret@h.example/a.png', 'secret'],
	['https://token@h.example/a.png', 'token'],
	['https:/token@h.example/a.png', 'token'],
])('%s has a login in it, which is not repeated', (url, secret) => {
	const { message } = refusalOf(url);
	expect(message).toMatch(/^"https:\/+…@h.example\/a.png" contains a user name or password$/);
	expect(message).not.toContain(secret);
});

describe('a text that is no address', () => {
	const base64 = Buffer.alloc(750_000, 'RIFF....WAVEfmt ').toString('base64');
	it.each<[string, string, string]>([
		['base64', base64, 'the field contains base64 text, not a web URL'],
		[
			'base64 of a JPEG',
			`/9j/4AAQSkZJRg${base64}`,
			'the field contains base64 text, not a web URL',
		],
		['hexadecimal', '494433'.repeat(99_999), 'the field contains hexadecimal text, not a web URL'],
		[
			'a data: URL',
			`data:audio/wav;base64,${base64}`,
			'the field contains a data: URL, not a web URL',
		],
		[
			'JSON',
			`{"url":"https://h.example/${base64}"}`,
			'the field contains JSON text, not a web URL',
		],
		[
			'a Buffer',
			'{"type":"Buffer","data":[1,2]}',
			'the field contains a Buffer as JSON, not a web URL',
		],
		[
			'markup',
			'<img src="https://h.example/a.png">',
			'the field contains a web page or XML text, not a web URL',
		],
		[
			'content',
			'\ufffdPNG\r\n\x1a\n\0\0',
			"the field contains a file's content as text, not a web URL",
		],
	])('%s is named and not repeated', (_name, text, cause) => {
		expect(refusalOf(text).message).toBe(cause);
	});

	it.each([
		'C:\\a.png',
		'd:/a.png',
		'/home/me/a.png',
		'./a.png',
		'..\\a.png',
		'~/a.png',
		'\\\\nas\\a.png',
		'file:///a',
	])('%s is a file path', (text) => {
		expect(refusalOf(text).message).toMatch(/is a file path/);
	});
});
