/** Addresses that the node fetches, and those of which their text tells that it does not. */
import { expect, it } from '@jest/globals';
import { checkPublicUrl } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/publicUrl';

const INVISIBLE = ['\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u202e', '\0', '\u00a0'];
const BASE64 = Buffer.alloc(750_000, 'RIFF....WAVEfmt ').toString('base64');

it.each([
	'http://files.example:8080/a.wav?sig=a%20b&x=1#t',
	'https://8.8.8.8/a.png',
	'https://[2001:4860:4860::8888]/a.png',
	'https://h.example/My%20Podcast%20(1).mp3',
	'https://s3.amazonaws.com/b/k?X-Amz-Credential=A%2F1&X-Amz-Signature=ab%3D%3D',
	'https://web.archive.org/web/2020/https://h.example/a.png',
	'https://images.weserv.nl/?url=https://h.example/a.png&w=10',
	'https://h.example/a,b;c/@me/a+b!$&.mp3',
	'https://h.example/nullable/undefined-1.png?null=/null',
	'https://local.example/internal/a.png',
])('%s is fetched as it is', (url) => {
	expect(checkPublicUrl(url, 'Image')).toEqual({ url });
});

it.each([
	['\u200b  https://h.example/a.png\n\ufeff', 'https://h.example/a.png'],
	['https://bücher.example/My Podcast.mp3', 'https://xn--bcher-kva.example/My%20Podcast.mp3'],
	['https://h.example/100% real.mp3', 'https://h.example/100%25%20real.mp3'],
	['https://h.example/ä ö.png?q=ü', 'https://h.example/%C3%A4%20%C3%B6.png?q=%C3%BC'],
	['HTTPS://H.EXAMPLE:443/A.png', 'https://h.example/A.png'],
	['https:/h.example/a/../b.png', 'https://h.example/b.png'],
])('%j is fetched as %j', (text, url) => {
	expect(checkPublicUrl(text, 'Image')).toEqual({ url });
	expect(checkPublicUrl(url, 'Image')).toEqual({ url });
});

it.each<[message: RegExp, advice: RegExp, texts: string[]]>([
	[/^the URL is empty$/, /switch Image to File/, ['  ']],
	[
		/ is not a valid URL$/,
		/beginning and end/,
		[
			'https://https://h.example/a',
			'http:https://h.example/a',
			'https:\\\\h.example\\a.png',
			'https://h.example/a.png"',
			'https://h.example/a.png)',
			'https://h.example/a.png,',
			'https://h.example/a.png.',
			'https://h.example/{id}.png',
		],
	],
	[/ is not a valid URL$/, /^Add https/, ['www.h.example/a.png', '//h.example:8080/a.png']],
	[
		/ is not a valid URL$/,
		/^Use a URL that starts with https:.*switch the field to File/,
		[
			'"https://h.example/a.png"',
			'(https://h.example/a.png)',
			'[a](https://h.example/a.png)',
			'=https://h.example/a.png',
			'https//h.example/a.png',
			's3://bucket/a.png',
			'image',
			'pair.png',
		],
	],
	[
		/ is not a valid URL$/,
		/^Use a URL that starts with https:/,
		['https://', 'https://?a', 'https://h.example:99999/a.png', 'https://h ost.example/a.png'],
	],
	[
		/ is not a valid URL$/,
		/invisible character/,
		INVISIBLE.flatMap((sign) => [`https://h.example/a${sign}b.png`, `https://h${sign}.example/ab`]),
	],
	[
		/ is more than one URL$/,
		/^Use one URL per item/,
		[
			'https://h.example/a.png,https://h.example/b.png',
			'https://h.example/a.png\nhttps://h.example/b.png',
			'https://h.example/a.png|http://h.example/b.png',
			'https://h.example/a.pnghttps://h.example/b.png',
		],
	],
	[
		/ is an expression without a result$/,
		/click Expression above it/,
		['{{ $json.url }}', 'https://h.example/{{ $json.id }}', '$json.url', 'undefined'],
	],
	[
		/ is an expression without a result$/,
		/preview/,
		['[object Object]', 'https://h.example/[object Object]'],
	],
	[
		/ contains an expression without a result \("undefined", "null"\)$/,
		/^Check the expression/,
		[
			'https://h.example/undefined',
			'https://undefined/undefined.png',
			'https://h.example/null/a.png',
			'https://h.example/a.png?id=undefined',
			'https://h.example/a.png?id=%5Bobject%20Object%5D',
		],
	],
	[
		/ points to a private network \([^/]+\)$/,
		/switch Image to File/,
		['http://minio:9000/b/a.png', 'http://127.1/a.png', 'http://[::ffff:10.0.0.5]/a.png'],
	],
	[
		/^"https:\/+…@h\.example\/a\.png" contains a user name or password$/,
		/HTTP Request/,
		['https://me:secret@h.example/a.png', 'https:/secret@h.example/a.png'],
	],
	[
		/ is a file path, not a URL$/,
		/Read\/Write Files from Disk/,
		['C:\\a.png', 'd:/a.png', '/home/me/a.png', './a.png', '~/a.png', '\\\\nas\\a', 'file:///a'],
	],
	[/^the URL is longer than 8192 characters$/, /expression/, [`https://h.example/${BASE64}`]],
	...[
		['base64 text', `/9j/4AAQSkZJRg${BASE64}`],
		['hexadecimal text', '494433'.repeat(99_999)],
		['a data: URL', `data:audio/wav;base64,${BASE64}`],
		['JSON text', `{"url":"https://h.example/${BASE64}"}`],
		['a Buffer as JSON', '{"type":"Buffer","data":[1,2]}'],
		['a web page or XML text', '<img src="https://h.example/a.png">'],
		["a file's content as text", '\ufffdPNG\r\n\x1a\n\0\0'],
	].map(([label, text]): [RegExp, RegExp, string[]] => [
		new RegExp(`^the field contains ${label}, not a web URL$`),
		/Then switch Image to File\.$/,
		[text!],
	]),
])('what is refused: %s, %s', (message, advice, texts) => {
	for (const text of texts) {
		const checked = checkPublicUrl(text, 'Image');
		expect([text, checked]).toEqual([
			text,
			{ message: expect.stringMatching(message), advice: expect.stringMatching(advice) },
		]);
		expect(JSON.stringify(checked).length).toBeLessThan(400);
		expect(JSON.stringify(checked)).not.toContain('secret');
	}
});
