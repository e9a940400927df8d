import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator } from './emulator';
import { apiRequest, ended, items, MADE_UP_INPUTS, result } from './api-client';

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 0 });
});
afterEach(async () => await emulator.close());

async function data(id: string) {
	return (await result(emulator, id)).json['data']!;
}

describe('a scripted job', () => {
	it('reports one scripted status per poll, then the real one', async () => {
		const timeout = { status: 'processing', code: 5004, error: 'Sync mode timed out' };
		emulator.scriptJob({ statuses: ['pending', 'warming_up', timeout] });
		const id = await ended(emulator);
		expect(await data(id)).toMatchObject({ status: 'pending', outputs: [] });
		expect(await data(id)).toMatchObject({ status: 'warming_up', outputs: [] });
		expect(await data(id)).toMatchObject({ ...timeout, outputs: [] });
		expect(await data(id)).toMatchObject({ status: 'completed' });
		expect(emulator.predictions()[0]).toMatchObject({ polls: 4 });
	});

	it('ends as told', async () => {
		const status = 'failed';
		emulator.scriptJob({ end: { status, code: 1200, error: 'Content policy' } });
		const response = await result(emulator, await ended(emulator));
		expect(response.status).toBe(200);
		expect(response.json['code']).toBe(200);
		const expected = { status, code: 1200, error: 'Content policy', outputs: [] };
		expect(response.json['data']).toMatchObject(expected);
	});

	it.each([
		[[], []],
		[null, null],
		['{url}', 'URL'],
		[[{ url: '{url}' }], [{ url: 'URL' }]],
		[['http://cdn.test/x.mp4'], ['http://cdn.test/x.mp4']],
	])('gives outputs as %j', async (outputs, shown) => {
		emulator.scriptJob({ outputs });
		const id = await ended(emulator);
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
		const shown = await data(await ended(emulator));
		expect(shown).toMatchObject({ cost: 0.1, has_nsfw_contents: [true] });
		expect(Object.keys(shown)).not.toEqual(expect.arrayContaining(['outputs']));
		expect(shown).not.toHaveProperty('urls');
	});

	it('is chosen by what was submitted', async () => {
		emulator.scriptJob({ match: 'second', end: { status: 'failed', code: 1403 } });
		emulator.scriptJob({ when: ({ body }) => body['seed'] === 3, end: { status: 'timeout' } });
		const plain = await ended(emulator);
		const failed = await ended(emulator, { ...MADE_UP_INPUTS, prompt: 'second' });
		const timeout = await ended(emulator, { ...MADE_UP_INPUTS, seed: 3 });
		expect((await data(plain))['status']).toBe('completed');
		expect((await data(failed))['status']).toBe('failed');
		expect((await data(timeout))['status']).toBe('timeout');
	});

	it('is unknown to the first polls and history pages', async () => {
		emulator.scriptJob({ notFoundFor: 1, hiddenFromHistoryFor: 1, statuses: ['processing'] });
		const id = await ended(emulator);
		expect((await result(emulator, id)).status).toBe(404);
		expect((await data(id))['status']).toBe('processing');
		const pages = [await items(emulator, 'predictions'), await items(emulator, 'predictions')];
		expect(pages.map(({ length }) => length)).toEqual([0, 1]);
	});

	it('serves its video under another name and type', async () => {
		emulator.scriptJob({ extension: '', contentType: 'video/mp4; codecs="avc1"' });
		await ended(emulator);
		const { videoUrl } = emulator.predictions()[0]!;
		expect(videoUrl).toMatch(/\/1$/);
		const response = await apiRequest(emulator, 'GET', videoUrl);
		expect(response.headers['content-type']).toBe('video/mp4; codecs="avc1"');
	});
});
