/** What an address that a medium is given by really answers. */
import { describe, expect, it } from '@jest/globals';
import { CancelledError, NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { checkFile } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/checkFile';
import { MediaFetcher } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/mediaFetcher';
import { BASE, GATEWAY_PAGE, createReset, freshApi } from '../support/api';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { createRedirect, createStream, readAll } from '../support/http';
import { WAV, createContents, createFile } from '../support/job';

const { clock, http } = freshApi();

const URL = 'https://files.example/a/b/left.wav?sig=secret';
const PLACE = '"https://files.example/…/left.wav"';

const fetcher = fresh(() => createFetcher());

function createFetcher(base = BASE, keepGoing = true): MediaFetcher {
	return new MediaFetcher(http, base, clock, keepGoing, async (stream, name, declaredType) => {
		return createFile(await readAll(stream), { name, declaredType });
	});
}

const createSound = (headers = {}) => createStream(WAV, 200, headers);
const fetch = async (url = URL) => await fetcher.file('leftAudio', url);

async function refusalOf(url = URL) {
	const refusal = await jobErrorOf(fetch(url));
	expect(refusal.message.startsWith('Left Audio: ')).toBe(true);
	expect(refusal.advice).toMatch(/^[A-Z].*\.$/);
	expect(refusal.details).toEqual({ step: 'fetch', input: 'leftAudio' });
	expect(refusal.message + refusal.advice).not.toContain('secret');
	return refusal;
}

describe('a file', () => {
	it('is stored whole, and asked for without key, cookie or encoding', async () => {
		http.on('GET', URL, createSound({ 'content-type': 'audio/wav; x=1' }));
		expect(await fetch()).toMatchObject({ declaredType: 'audio/wav', size: WAV.length, url: URL });
		expect(http.requests[0]).toMatchObject({
			authenticated: false,
			headers: { 'Accept-Encoding': 'identity' },
			idleTimeoutMs: 30_000,
			bulkTimeoutMs: 60_000,
			maxBytes: 200 * 1024 * 1024,
		});
	});

	it('is fetched once in a run, whatever asks for it', async () => {
		http.on('GET', URL, createSound());
		const files = await Promise.all([fetch(), fetcher.file('rightAudio', URL)]);
		expect(files[0]).toBe(files[1]);
	});

	it.each([
		['attachment; filename="My voice.mp3"', 'My voice.mp3'],
		["attachment; filename=a.mp3; filename*=UTF-8''%C3%A4.mp3", 'ä.mp3'],
		['attachment; filename="../../etc/passwd"', 'passwd'],
		['attachment; filename="100%.wav"', '100%.wav'],
		['inline', 'left.wav'],
		[`attachment; filename="${'x'.repeat(5_000)}.wav"`, 'x'.repeat(200)],
	])('served with %j is called %j', async (disposition, name) => {
		http.on('GET', URL, createSound({ 'content-disposition': disposition }));
		expect((await fetch()).name).toBe(name);
	});

	it('of which three at most are on their way at the same time', async () => {
		http.always('GET', /^https:/, async () => {
			await clock.until(100);
			return createSound();
		});
		await Promise.all(Array.from({ length: 7 }, async (_, index) => await fetch(`${URL}${index}`)));
		// Fewer together would take longer, more not so long.
		expect(clock.elapsed).toBe(300);
	});

	it('behind a share link is fetched from its direct form, also behind a short link', async () => {
		const short = 'https://short.example/1';
		http.on('GET', short, createRedirect('https://github.com/o/r/blob/main/a.wav'));
		http.on('GET', 'https://raw.githubusercontent.com/o/r/main/a.wav', createSound());
		expect((await fetch(short)).name).toBe('a.wav');
	});
});

describe('an answer that is no file', () => {
	it.each([
		[401, URL, /HTTP 401: it requires a login$/, /HTTP Request node/],
		[403, URL, /HTTP 403: the file is not public/, /HTTP Request node/],
		[404, URL, /HTTP 404: there is no file/, /Check the URL/],
		[407, URL, /The proxy requires a user name and password/, /HTTPS_PROXY/],
		[410, URL, /HTTP 410: the file is gone/, /still exists/],
		[418, URL, /HTTP 418: it refused the request/, /HTTP Request node/],
		[401, 'https://files.slack.com/files-pri/T1-F1/a.png', /login/, /Slack/],
		[401, 'https://api.telegram.org/file/bot1:secret/voice/file_1.oga', /login/, /Telegram/],
		[401, 'https://graph.facebook.com/v19.0/1', /login/, /WhatsApp Business Cloud/],
		[401, 'https://n8n.example.com/rest/binary-data?id=x&action=view', /login/, /View button/],
	])('HTTP %i from %s is told with what to do, and is final', async (status, url, cause, step) => {
		http.on('GET', url, createStream('', status));
		const { message, advice } = await refusalOf(url);
		expect(message).toMatch(cause);
		expect(advice).toMatch(step);
	});

	it.each([
		['b.s3.amazonaws.com/a?X-Amz-Date=20250101T000000Z&X-Amz-Expires=3600', '2025-01-01 01:00'],
		['x.blob.core.windows.net/a?se=2024-01-01T02%3A00%3A00Z&sig=x', '2024-01-01 02:00'],
		['cdn.discordapp.com/attachments/1/2/a.png?ex=65b2c2f7&hm=x', '2024-01-25 20:22'],
		['storage.googleapis.com/a?X-Goog-Date=20250101T000000Z&X-Goog-Expires=60', '2025-01-01 00:01'],
		['d1.cloudfront.net/a.png?Expires=1735689600&Signature=x', '2025-01-01 00:00'],
	])('%s is said to have expired', async (place, date) => {
		http.on('GET', `https://${place}`, createStream('', 403));
		const { message, advice } = await refusalOf(`https://${place}`);
		expect(message).toContain(`returned HTTP 403: the link expired on ${date} UTC`);
		expect(advice).toMatch(/^Use a fresh link/);
	});

	it.each([
		['a page', GATEWAY_PAGE, /a web page \(HTML\), not a file$/, /Its title: "502 Bad Gateway"/],
		['text', 'no such file', /plain text, not a file$/, /It starts with/],
		['nothing', '', /an empty file$/, /Check what is at that URL/],
	])('%s is named by its address when it is checked', async (_what, body, cause, step) => {
		http.on('GET', URL, createStream(body));
		const checking = checkFile('leftAudio', await fetch(), createContents());
		const { message, advice } = await jobErrorOf(checking);
		expect(message).toContain(`Left Audio: ${PLACE} returned `);
		expect(message).toMatch(cause);
		expect(advice).toMatch(step);
	});
});

describe('what may pass', () => {
	it.each([
		['HTTP 429', createStream('', 429)],
		['HTTP 503', createStream('', 503)],
		['a broken connection', createReset()],
		['a refused connection', new NoResponseError('ECONNREFUSED', 'the connection was refused')],
	])('is tried again: %s', async (_what, reply) => {
		http.on('GET', URL, reply, createSound());
		await fetch();
		expect(clock.sleeps).toEqual([2_000]);
	});

	it('ends after three tries', async () => {
		http.always('GET', URL, () => createStream('', 503));
		expect((await refusalOf()).message).toContain('HTTP 503: its server is having problems');
		expect(clock.sleeps).toEqual([2_000, 4_000]);
	});

	it.each(['ENOTFOUND', 'CERT_HAS_EXPIRED'])('is not %s', async (code) => {
		http.on('GET', URL, new NoResponseError(code, 'the host name does not exist'));
		expect((await refusalOf()).message).toBe(
			`Left Audio: ${PLACE} could not be fetched: the host name does not exist`,
		);
	});
});

it('a file of more than 200 MiB is refused by its length, or when it turns out to be', async () => {
	const declared = createSound({ 'content-length': `${201 * 1024 * 1024}` });
	const endless = createSound();
	endless.stream.destroy(new NoResponseError('TOO_LONG', 'the response is too large'));
	endless.stream.on('error', () => {});
	for (const [index, reply] of [declared, endless].entries()) {
		http.on('GET', `${URL}${index}`, reply);
		expect((await refusalOf(`${URL}${index}`)).message).toBe(
			`Left Audio: the file at ${PLACE} is too large: the limit is 200 MiB`,
		);
	}
	expect(declared.stream.destroyed).toBe(true);
});

describe('a redirect', () => {
	it.each([
		['http://169.254.169.254/latest/meta-data', 'points to a private network (169.254.169.254)'],
		['file:///etc/passwd', 'leads to an address that does not start with https://'],
		['https://me:pw@files.example/a.wav', 'contains a user name or password'],
		['https://:pw@files.example/a.wav', 'contains a user name or password'],
	])('to %s is not followed', async (location, reason) => {
		http.on('GET', URL, createRedirect(location));
		expect((await refusalOf()).message).toContain(`the URL ${PLACE} ${reason}`);
	});

	it('to loopback is followed only beside an API there, within one origin', async () => {
		const local = createFetcher('http://127.0.0.1:1');
		http.on('GET', 'http://127.0.0.1:2/a', createRedirect('/b.wav'));
		http.on('GET', 'http://127.0.0.1:2/b.wav', createSound());
		expect((await local.file('leftAudio', 'http://127.0.0.1:2/a')).name).toBe('b.wav');

		for (const first of ['http://127.0.0.1:2/c', 'https://files.example/c']) {
			http.on('GET', first, createRedirect('http://127.0.0.1:3/d'));
			const refusal = await jobErrorOf(local.file('leftAudio', first));
			expect(refusal.message).toContain('points to a private network (127.0.0.1:3)');
		}
	});
});

it('after a failure nothing further is fetched, unless the node continues on fail', async () => {
	const strict = createFetcher(BASE, false);
	http.on('GET', URL, createStream('', 404));
	await jobErrorOf(strict.file('image', URL));
	await expect(strict.file('image', `${URL}2`)).rejects.toBeInstanceOf(CancelledError);
});
