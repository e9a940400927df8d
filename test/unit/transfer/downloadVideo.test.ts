import { describe, expect, it } from '@jest/globals';
import { Readable } from 'stream';
import { CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { VideoFile } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/downloadVideo';
import { downloadVideo } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/downloadVideo';
import { BASE, JOB, createReset, freshApi } from '../support/api';
import { jobErrorOf } from '../support/failures';
import { createRedirect, createStream, readAll } from '../support/http';
import { box } from '../probe/support/build';

const { clock, http } = freshApi();

const URL = 'https://cdn.wavespeed.ai/o/1.mp4';
const MP4 = { 'content-type': 'video/mp4' };
const VIDEO = String(Buffer.concat([box('moov', 'index'), box('mdat', 'data')]));

async function store({ stream, type, extension }: VideoFile) {
	return { content: (await readAll(stream)).toString(), type, extension };
}

async function download(url = URL, base = BASE, keep = store) {
	return await downloadVideo(http, { id: JOB, url }, base, clock, keep);
}

const createVideo = (headers = {}) => createStream(VIDEO, 200, headers);

/** Bytes, and then the line breaks. */
function createBroken() {
	const stream = Readable.from(
		(async function* () {
			yield Buffer.from('vid');
			throw createReset();
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
		http.on('GET', URL, createVideo(MP4));
		expect(await download()).toEqual({ content: VIDEO, type: 'video/mp4', extension: 'mp4' });
		expect(http.requests[0]).toMatchObject({
			authenticated: false,
			headers: { 'Accept-Encoding': 'identity' },
			idleTimeoutMs: 60_000,
		});
		expect(http.requests[0]).not.toHaveProperty('timeoutMs');
	});

	it.each([
		['VIDEO/MP4; codecs="avc1"', 'x.webm', 'video/mp4', 'mp4'],
		['video/quicktime', 'x', 'video/quicktime', 'mov'],
		['video/x-matroska', 'x', 'video/x-matroska', 'mkv'],
		['video/x-odd', 'x.odd', 'video/x-odd', 'odd'],
		['video/x-odd', 'x', 'video/x-odd', 'mp4'],
		['application/octet-stream', 'x.WEBM?sig=1.mov', 'video/webm', 'webm'],
		// Known by its bytes, whatever its type says.
		['text/plain', 'x', 'video/mp4', 'mp4'],
		[undefined, 'x.php', 'video/mp4', 'mp4'],
	])('served as %j from %s has the type %s and the extension %s', async (...row) => {
		const [declared, name, type, extension] = row;
		const headers = declared ? { 'content-type': declared } : {};
		http.on('GET', `https://a.b/${name}`, createVideo(headers));
		expect(await download(`https://a.b/${name}`)).toEqual({ content: VIDEO, type, extension });
	});

	it('has its stream closed when it is stored, and when Stop ends that', async () => {
		const [good, bad] = [createVideo(), createVideo()];
		http.on('GET', URL, good, bad);
		await download(URL, BASE, async () => ({ content: '', type: '', extension: '' }));
		expect(good.stream.destroyed).toBe(true);
		const stopped = async () => await Promise.reject(new CancelledError());
		await expect(download(URL, BASE, stopped)).rejects.toBeInstanceOf(CancelledError);
		expect(bad.stream.destroyed).toBe(true);
	});

	it('that n8n cannot store keeps ID and address, and the cause without what that holds', async () => {
		http.always('GET', URL, () => createVideo());
		const full = Object.assign(new Error('no space left'), { code: 'ENOSPC', config: {} });
		const loss = await lossOf(download(URL, BASE, async () => await Promise.reject(full)));
		expect(loss.message).toContain('no space left');
		expect(loss.cause).toMatchObject({ message: 'no space left', code: 'ENOSPC' });
		expect(loss.cause).not.toHaveProperty('config');
	});

	it('that is gone (HTTP 404) is not asked for again', async () => {
		http.on('GET', URL, createStream('', 404));
		await lossOf(download());
	});
});

describe('a redirect', () => {
	it.each([
		[301, 'https://other.example/v.webm', 'https://other.example/v.webm'],
		[308, '../x/2.webm', 'https://cdn.wavespeed.ai/x/2.webm'],
	])('with HTTP %i to %s is followed, without the key', async (status, location, url) => {
		const first = createRedirect(location, status);
		http.on('GET', URL, first).on('GET', url, createVideo());
		expect(await download()).toMatchObject({ content: VIDEO, extension: 'webm' });
		expect(first.stream.destroyed).toBe(true);
		expect(http.requests.map(({ authenticated }) => authenticated)).toEqual([false, false]);
	});

	it.each([
		['http://cdn.wavespeed.ai/o/1.mp4', 'not https'],
		['//10.0.0.5/x', 'points to a private network'],
	])('to %s is not followed, nor tried again', async (location, reason) => {
		http.on('GET', URL, createRedirect(location));
		expect((await lossOf(download())).message).toContain(reason);
		expect(clock.sleeps).toEqual([]);
	});

	it('that leads in a circle ends after five hops', async () => {
		http.always('GET', URL, () => createRedirect(URL));
		expect((await lossOf(download())).message).toContain('redirects too many times');
		expect(http.requests).toHaveLength(6);
	});
});

it('an address on this machine is only asked when the API is there, too', async () => {
	const url = 'http://127.0.0.1:8080/1.mp4';
	expect((await lossOf(download(url), url)).message).toContain('not https');
	http.on('GET', url, createVideo());
	expect(await download(url, 'http://localhost:8080')).toMatchObject({ content: VIDEO });
});

it.each([
	['a reset', createReset, /the connection was lost/],
	['HTTP 302 without an address', () => createStream('', 302), /returned HTTP 302/],
	['HTTP 403', () => createStream('', 403), /cdn\.wavespeed\.ai returned HTTP 403/],
	['HTTP 503', () => createStream('', 503), /cdn\.wavespeed\.ai returned HTTP 503/],
	['HTTP 206', () => createStream(VIDEO, 206, MP4), /returned HTTP 206/],
	['a line that breaks in the middle', createBroken, /the connection was lost/],
	['a text called a video', () => createStream('Denied', 200, MP4), /sent plain text instead/],
	['a part', () => createStream(VIDEO.slice(0, -1), 200, MP4), /only part of it arrived/],
])('after %s a download is begun again, and the last one loses nothing', async (...row) => {
	const [, createReply, cause] = row;
	http.on('GET', URL, createReply(), createReply(), createReply(), createVideo());
	expect(await download()).toMatchObject({ content: VIDEO });
	expect(clock.sleeps).toEqual([2_000, 4_000, 8_000]);

	http.always('GET', URL, createReply);
	const { message } = await lossOf(download());
	expect(message).toMatch(/^The video is finished but could not be downloaded: /);
	expect(message).toMatch(cause);
});
