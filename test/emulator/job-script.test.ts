import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from './emulator';
import { apiRequest, MADE_UP_INPUTS, result, submit, submitted } from './api-client';

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 0 });
});
afterEach(async () => await emulator.close());

async function data(id: string) {
	return (await result(emulator, id)).json['data']!;
}

/** Submits and waits for the end. */
async function ended(body?: object): Promise<string> {
	const id = await submitted(emulator, body);
	await emulator.whenEnded(id);
	return id;
}

describe('a scripted job', () => {
	it('reports one scripted status per poll, then the real one', async () => {
		const timeout = { status: 'processing', code: 5004, error: 'Sync mode timed out' };
		emulator.scriptJob({ statuses: ['pending', 'warming_up', timeout] });
		const id = await ended();
		expect(await data(id)).toMatchObject({ status: 'pending', outputs: [] });
		expect(await data(id)).toMatchObject({ status: 'warming_up', outputs: [] });
		expect(await data(id)).toMatchObject({ ...timeout, outputs: [] });
		expect(await data(id)).toMatchObject({ status: 'completed' });
		expect(emulator.predictions()[0]).toMatchObject({ polls: 4 });
	});

	it.each([
		['failed', 1],
		['cancelled', 0],
		['canceled', 0],
		['timeout', 1],
		['deleted', 0],
	])('ends as %s', async (status, refunded) => {
		emulator.scriptJob({ end: { status, code: 1200, error: 'Content policy' } });
		const response = await result(emulator, await ended());
		expect(response.status).toBe(200);
		expect(response.json['code']).toBe(200);
		const expected = { status, code: 1200, error: 'Content policy', outputs: [] };
		expect(response.json['data']).toMatchObject(expected);
		expect(emulator.billing()).toMatchObject({ billed: 1, refunded, paid: 1 - refunded });
	});

	it.each([
		[[], []],
		[null, null],
		['{url}', 'URL'],
		[[{ url: '{url}' }], [{ url: 'URL' }]],
		[['http://cdn.test/x.mp4'], ['http://cdn.test/x.mp4']],
	])('gives outputs as %j', async (outputs, shown) => {
		emulator.scriptJob({ outputs });
		const id = await ended();
		const text = JSON.stringify((await data(id))['outputs']);
		const { videoUrl } = emulator.predictions()[0]!;
		expect(JSON.parse(text.replaceAll(videoUrl, 'URL'))).toEqual(shown);
	});

	it('leaves fields out, adds others, and flags contents', async () => {
		emulator.scriptJob({
			omit: ['outputs', 'urls', 'model'],
			set: { cost: 0.1 },
			hasNsfwContents: [true],
		});
		const shown = await data(await ended());
		expect(shown).toMatchObject({ cost: 0.1, has_nsfw_contents: [true] });
		expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(['outputs']));
		expect(shown).not.toHaveProperty('urls');
	});

	it('has an ID of another form', async () => {
		for (const id of ['pred', 'task', 'my-own-id'] as const) emulator.scriptJob({ id });
		expect(await submitted(emulator)).toMatch(/^pred_[0-9a-f]+$/);
		expect(await submitted(emulator)).toMatch(/^task-[0-9a-f]+$/);
		expect(await submitted(emulator)).toBe('my-own-id');
	});

	it('is chosen by what was submitted', async () => {
		emulator.scriptJob({ match: 'second', end: { status: 'failed', code: 1403 } });
		emulator.scriptJob({ when: ({ body }) => body['seed'] === 3, end: { status: 'timeout' } });
		const plain = await ended();
		const failed = await ended({ ...MADE_UP_INPUTS, prompt: 'second' });
		const timeout = await ended({ ...MADE_UP_INPUTS, seed: 3 });
		expect((await data(plain))['status']).toBe('completed');
		expect((await data(failed))['status']).toBe('failed');
		expect((await data(timeout))['status']).toBe('timeout');
	});

	it('is unknown to the first polls and history pages', async () => {
		emulator.scriptJob({ notFoundFor: 1, hiddenFromHistoryFor: 1, statuses: ['processing'] });
		const id = await ended();
		expect((await result(emulator, id)).status).toBe(404);
		expect((await data(id))['status']).toBe('processing');
		const pages = [];
		for (let page = 0; page < 2; page += 1) {
			const body = { page: 1, page_size: 10 };
			const response = await apiRequest(emulator, 'POST', '/api/v3/predictions', body);
			pages.push((response.json['data']!['items'] as unknown as unknown[]).length);
		}
		expect(pages).toEqual([0, 1]);
	});

	it('may be reported only when it has ended', async () => {
		emulator.scriptJob({ respondWhenEnded: true });
		expect((await submit(emulator)).json['data']).toMatchObject({ status: 'completed' });
	});

	it('may never end by itself', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const id = await submitted(emulator);
		await emulator.until(() => emulator.predictions()[0]?.status === 'processing');
		await emulator.finishAll();
		expect((await data(id))['status']).toBe('completed');
	});

	it('serves its video under another name and type', async () => {
		emulator.scriptJob({ extension: '', contentType: 'video/mp4; codecs="avc1"' });
		await ended();
		const { videoUrl } = emulator.predictions()[0]!;
		expect(videoUrl).toMatch(/\/1$/);
		const response = await apiRequest(emulator, 'GET', videoUrl);
		expect(response.headers['content-type']).toBe('video/mp4; codecs="avc1"');
	});
});
