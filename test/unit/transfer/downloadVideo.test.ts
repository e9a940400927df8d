import { describe, expect, it } from '@jest/globals';
import { Readable } from 'stream';
import { NoResponseError, CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { VideoFile } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/downloadVideo';
import { downloadVideo } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/downloadVideo';
import { BASE, JOB, createReset, createUnreachable } from '../support/api';
import { VirtualClock } from '../support/clock';
import { box } from '../support/media';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { type StreamReply, ScriptedHttp, createStream, readAll } from '../support/http';

const URL = 'https://cdn.wavespeed.ai/o/1.mp4';
const MP4 = { 'content-type': 'video/mp4' };
const VIDEO = String(Buffer.concat([box('moov', 'index'), box('mdat', 'data')]));

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock());

interface Stored {
	content: string;
	type: string;
	extension: string;
}

async function store({ stream, type, extension }: VideoFile): Promise<Stored> {
	return { content: (await readAll(stream)).toString(), type, extension };
}

async function download(url = URL, base = BASE, keep = store): Promise<Stored> {
	return await downloadVideo(http, { id: JOB, url }, base, clock, keep);
}

function createVideo(headers: Record<string, string> = MP4): StreamReply {
	return createStream(VIDEO, 200, headers);
}

function createRedirect(location: string, status = 302): StreamReply {
	return createStream('', status, { location });
}

/** Bytes, and then the line breaks. */
function createBroken(): StreamReply {
	const stream = Readable.from(
		(async function* () {
			yield Buffer.from('vid');
			throw new NoResponseError('ECONNRESET', 'the connection was lost');
		})(),
	);
	return { status: 200, headers: MP4, stream };
}

/** The problem of a download that is lost, with what all of them have in common. */
async function lossOf(work: Promise<unknown>, url = URL) {
	const loss = await jobErrorOf(work);
	expect(loss.message).toContain(`(job ${JOB})`);
	expect(loss.advice).toContain(url);
	expect(loss.advice).toMatch(/paid.*7 days.*Get Result/);
	expect(loss.details).toEqual({ step: 'download', id: JOB, status: 'completed', video_url: url });
	return loss;
}

describe('a video', () => {
	it('is streamed to whoever stores it, without the key', async () => {
		http.on('GET', URL, createVideo());
		expect(await download()).toEqual({ content: VIDEO, type: 'video/mp4', extension: 'mp4' });
		expect(http.requests[0]).toMatchObject({
			authenticated: false,
			headers: { 'Accept-Encoding': 'identity' },
			idleTimeoutMs: 60_000,
		});
		expect(http.requests[0]).not.toHaveProperty('timeoutMs');
	});

	it.each([
		['video/mp4', URL, 'video/mp4', 'mp4'],
		['VIDEO/MP4; codecs="avc1"', URL, 'video/mp4', 'mp4'],
		['video/webm', 'https://a.b/x', 'video/webm', 'webm'],
		['video/quicktime', 'https://a.b/x', 'video/quicktime', 'mov'],
		['video/x-matroska', 'https://a.b/x', 'video/x-matroska', 'mkv'],
		['video/x-odd', 'https://a.b/x.odd', 'video/x-odd', 'odd'],
		['video/x-odd', 'https://a.b/x', 'video/x-odd', 'mp4'],
		['application/octet-stream', 'https://a.b/x.webm?sig=1.mov', 'video/webm', 'webm'],
		['application/octet-stream', 'https://a.b/x.MOV', 'video/quicktime', 'mov'],
		['binary/octet-stream', 'https://a.b/x', 'video/mp4', 'mp4'],
		['', 'https://a.b/x.mp4', 'video/mp4', 'mp4'],
		['', 'https://a.b/x', 'video/mp4', 'mp4'],
		['', 'https://a.b/x.php', 'video/mp4', 'mp4'],
	])('served as %j from %s has the type %s and the extension %s', async (...row) => {
		const [declared, url, type, extension] = row;
		http.on('GET', url, createVideo(declared === '' ? {} : { 'content-type': declared }));
		expect(await download(url)).toMatchObject({ type, extension });
	});

	it('is known by its bytes, whatever its type says', async () => {
		http.on('GET', URL, createVideo({ 'content-type': 'text/plain' }));
		expect(await download()).toMatchObject({ content: VIDEO, type: 'video/mp4' });
	});

	it('has its stream closed when it is stored, and when it is not', async () => {
		const [good, bad] = [createVideo(), createVideo()];
		http.on('GET', URL, good, bad);
		await download(URL, BASE, async () => ({ content: '', type: '', extension: '' }));
		expect(good.stream.destroyed).toBe(true);
		const stopped = async () => await Promise.reject(new CancelledError());
		await expect(download(URL, BASE, stopped)).rejects.toBeInstanceOf(CancelledError);
		expect(bad.stream.destroyed).toBe(true);
	});
});

describe('a redirect', () => {
	it.each([301, 302, 303, 307, 308])('with HTTP %i is followed', async (status) => {
		const first = createRedirect('https://other.example/v.webm', status);
		http.on('GET', URL, first);
		http.on('GET', 'https://other.example/v.webm', createVideo({}));
		expect(await download()).toMatchObject({ content: VIDEO, extension: 'webm' });
		expect(first.stream.destroyed).toBe(true);
		expect(http.requests.map(({ authenticated }) => authenticated)).toEqual([false, false]);
	});

	it('may be relative', async () => {
		http.on('GET', URL, createRedirect('../x/2.mp4'));
		http.on('GET', 'https://cdn.wavespeed.ai/x/2.mp4', createVideo());
		expect(await download()).toMatchObject({ content: VIDEO });
	});

	it.each([
		'http://cdn.wavespeed.ai/o/1.mp4',
		'http://127.0.0.1/admin',
		'http://169.254.169.254/latest/meta-data',
		'file:///etc/passwd',
		'data:video/mp4;base64,AAAA',
	])('to %s is not followed, nor tried again', async (location) => {
		http.on('GET', URL, createRedirect(location));
		const loss = await lossOf(download());
		expect(loss.message).toContain('not https');
		expect(clock.sleeps).toEqual([]);
	});

	it.each([
		'https://127.0.0.1/admin',
		'https://169.254.169.254/latest/meta-data',
		'https://[::1]/x',
		'https://2130706433/x',
		'//10.0.0.5/x',
		'https://localhost./x',
	])('into a private network (%s) is not followed, nor tried again', async (location) => {
		http.on('GET', URL, createRedirect('https://other.example/v'));
		http.on('GET', 'https://other.example/v', createRedirect(location));
		const loss = await lossOf(download());
		expect(loss.message).toContain('points to a private network');
		expect(clock.sleeps).toEqual([]);
	});

	it('that leads in a circle ends after five hops', async () => {
		http.always('GET', URL, () => createRedirect(URL));
		const loss = await lossOf(download());
		expect(loss.message).toContain('redirects too many times');
		expect(http.requests).toHaveLength(6);
	});

	it('without an address is a failure', async () => {
		http.always('GET', URL, () => createStream('', 302));
		await lossOf(download());
	});
});

describe('an address that must not be fetched', () => {
	it.each(['http://cdn.wavespeed.ai/1.mp4', 'http://localhost/1.mp4', 'ftp://a.b/c', 'nonsense'])(
		'%s is refused without a request',
		async (url) => {
			const loss = await lossOf(download(url), url);
			expect(loss.message).toContain('not https');
			expect(http.requests).toEqual([]);
		},
	);

	it.each(['https://127.0.0.1/1.mp4', 'https://10.0.0.5/1.mp4', 'https://[fd00::1]/1.mp4'])(
		'%s in a private network is refused without a request',
		async (url) => {
			const loss = await lossOf(download(url), url);
			expect(loss.message).toContain('points to a private network');
			expect(http.requests).toEqual([]);
		},
	);

	it('on this machine is fine when the API is there, too', async () => {
		const url = 'http://127.0.0.1:8080/1.mp4';
		http.on('GET', url, createVideo());
		expect(await download(url, 'http://localhost:8080')).toMatchObject({ content: VIDEO });
	});
});

describe('a broken download', () => {
	it.each([
		['a reset', () => createReset()],
		['a refused connection', () => createUnreachable()],
		['HTTP 403', () => createStream('', 403)],
		['HTTP 429', () => createStream('', 429)],
		['HTTP 500', () => createStream('', 500)],
		['HTTP 503', () => createStream('', 503)],
		['a line that breaks in the middle', createBroken],
		['HTTP 204', () => createStream('', 204)],
		['HTTP 206', () => createStream(VIDEO, 206, MP4)],
		['an empty file', () => createStream('', 200, MP4)],
		['a page called a video', () => createStream('<html>Denied</html>', 200, MP4)],
		['a page', () => createStream('<html>', 200, { 'content-type': 'text/html' })],
		['a part of the video', () => createStream(VIDEO.slice(0, -1), 200, MP4)],
	])('(%s) is begun again, three times at most', async (_what, createReply) => {
		http.on('GET', URL, createReply(), createReply(), createReply(), createVideo());
		expect(await download()).toMatchObject({ content: VIDEO });
		expect(clock.sleeps).toEqual([2_000, 4_000, 8_000]);
	});

	it.each([
		['a reset', () => createReset(), /the connection was lost/],
		['HTTP 503', () => createStream('', 503), /cdn\.wavespeed\.ai returned HTTP 503/],
		['a line that breaks in the middle', createBroken, /the connection was lost/],
		['a text', () => createStream('Denied', 200, MP4), /the server sent plain text instead/],
		['HTTP 206', () => createStream(VIDEO, 206, MP4), /returned HTTP 206/],
	])('(%s) that stays so never loses ID and address', async (_what, createReply, cause) => {
		http.on('GET', URL, createReply(), createReply(), createReply(), createReply());
		const loss = await lossOf(download());
		expect(loss.message).toMatch(/^The video is finished but could not be downloaded: /);
		expect(loss.message).toMatch(cause);
	});

	it('(n8n cannot store it) keeps ID and address, and its cause without what that holds', async () => {
		http.always('GET', URL, () => createVideo());
		const foreign = Object.assign(new Error('no space left'), {
			code: 'ENOSPC',
			config: { key: '' },
		});
		const loss = await lossOf(download(URL, BASE, async () => await Promise.reject(foreign)));
		expect(loss.message).toContain('no space left');
		expect(loss.cause).toMatchObject({ message: 'no space left', code: 'ENOSPC' });
		expect(loss.cause).not.toHaveProperty('config');
	});

	it('(HTTP 404) is gone, and not tried again', async () => {
		http.on('GET', URL, createStream('', 404));
		await lossOf(download());
		expect(clock.sleeps).toEqual([]);
	});

	it('is not begun anew when the execution is stopped', async () => {
		http.on('GET', URL, new CancelledError());
		await expect(download()).rejects.toBeInstanceOf(CancelledError);
	});
});
