/** What comes out of the node for a job that went well. */
import { describe, expect, it } from '@jest/globals';
import type { IDataObject, INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { ownMediaFixtures, mediaFixtures } from './support/files';
import type { JobScript } from '../emulator/emulator';
import { TOOL_TYPE } from './support/nodes';
import { useEngine } from './support/testbed';
import { fromUrl } from './support/workflow';

const testbed = useEngine();

/** Fields with made-up addresses, so that a test needs no files. */
const byUrl: INodeParameters = {
	image: fromUrl('https://example.com/pair.png'),
	leftAudio: fromUrl('https://example.com/left.mp3'),
	rightAudio: fromUrl('https://example.com/right.mp3'),
};

async function outputOf(
	parameters: INodeParameters,
	script: JobScript = {},
	items: IDataObject[] = [{}],
	node: Partial<INode> = {},
): Promise<INodeExecutionData[]> {
	testbed.emulator.setOptions({ readInputs: false });
	testbed.emulator.scriptJob({ ...script, times: 'always' });
	const execution = await testbed.engine.run({
		items: items.map((json) => ({ json })),
		parameters: { ...byUrl, ...parameters },
		node,
	});
	expect(execution.failure).toBeUndefined();
	return execution.good;
}

describe('JSON', () => {
	it('simplified', async () => {
		const [item] = await outputOf({});

		const [job] = testbed.emulator.predictions();
		const created = new Date(job?.createdAt ?? 0).toISOString();
		const expires = new Date((job?.createdAt ?? 0) + 7 * 24 * 3600 * 1000).toISOString();
		expect(item?.json).toEqual({
			id: job?.id,
			status: 'completed',
			video_url: job?.videoUrl,
			reused: false,
			expires_at: expires,
			has_nsfw_contents: false,
			created_at: expect.stringContaining(created.slice(0, -1)),
			inference_ms: expect.any(Number),
		});
	});

	it('raw, as the API gives it, less the empty error', async () => {
		const [item] = await outputOf({ simplify: false }, { set: { extra: { a: [1] } } });

		const [job] = testbed.emulator.predictions();
		expect(item?.json).toMatchObject({
			id: job?.id,
			status: 'completed',
			outputs: [job?.videoUrl],
			urls: { get: expect.stringContaining(String(job?.id)) },
			timings: { inference: expect.any(Number) },
			extra: { a: [1] },
		});
		expect(item?.json).not.toHaveProperty('error');
	});

	it.each<[string, INodeParameters, string[]]>([
		['Simplified', {}, ['id', 'status', 'video_url', 'reused']],
		['Raw', { output: 'raw', simplify: true }, ['id', 'model', 'outputs']],
		['Selected Fields', { output: 'selected', fields: ['reused'] }, ['id', 'reused']],
		['names in a text', { output: 'selected', fields: '={{ "reused, model" }}' }, ['id', 'reused']],
	])('of a tool: %s', async (_what, parameters, expected) => {
		const [item] = await outputOf(parameters, {}, [{}], { type: TOOL_TYPE });

		const names = Object.keys(item!.json);
		const isSelected = parameters.output === 'selected';
		expect(names).toEqual(isSelected ? expected : expect.arrayContaining(expected));
		expect(names.includes('urls')).toBe(parameters.output === 'raw');
	});

	it.each<[string, JobScript]>([
		['null', { set: { error: null } }],
		['missing', { omit: ['error'] }],
		['a remark', { set: { error: 'Slow today' } }],
		['an object', { set: { error: { message: 'Slow today' } } }],
	])('raw, with an error that is %s: no key "error"', async (_name, script) => {
		const [item] = await outputOf({ simplify: false }, script);

		expect(item?.json).not.toHaveProperty('error');
		expect(item?.json.status).toBe('completed');
	});

	it('only ID and status are needed', async () => {
		const omit = ['model', 'urls', 'has_nsfw_contents', 'created_at', 'error', 'timings'];

		const [item] = await outputOf({}, { omit });

		expect(item?.json).toEqual({
			id: testbed.emulator.predictions()[0]?.id,
			status: 'completed',
			video_url: testbed.emulator.predictions()[0]?.videoUrl,
			reused: false,
			expires_at: null,
			has_nsfw_contents: null,
			created_at: null,
			inference_ms: null,
		});
	});

	it.each<[string, JobScript]>([
		['a lone text', { outputs: '{url}' }],
		['objects with url', { outputs: [{ url: '{url}' }] }],
		['empty places before it', { outputs: [null, '', '{url}'] }],
	])('outputs as %s', async (_name, script) => {
		const [item] = await outputOf({}, script);

		const [job] = testbed.emulator.predictions();
		expect(item?.json.video_url).toBe(job?.videoUrl);
		expect(item?.binary?.data?.mimeType).toBe('video/mp4');
	});

	it.each([
		[[true], true],
		[[false, true], true],
		[[], false],
		[null, null],
	])('the flags %j of the content check come out as %j', async (has_nsfw_contents, flag) => {
		const [item] = await outputOf({}, { set: { has_nsfw_contents } });

		expect(item?.json.has_nsfw_contents).toBe(flag);
	});
});

describe('the video', () => {
	it.each<[string, INodeParameters, JobScript, string, string]>([
		['by default', {}, {}, 'infinitetalk-{id}.mp4', 'video/mp4'],
		['with a name', { fileName: 'Talk' }, {}, 'Talk.mp4', 'video/mp4'],
		['with a whole name', { fileName: 'Talk.MP4' }, {}, 'Talk.MP4', 'video/mp4'],
		['with a name of an item', { fileName: '={{ $json.name }}' }, {}, 'a_b_ c_.mp4', 'video/mp4'],
		['that is a WebM', {}, { contentType: 'video/webm' }, 'infinitetalk-{id}.webm', 'video/webm'],
		[
			'with parameters in its type',
			{},
			{ contentType: 'video/mp4; codecs="avc1"' },
			'infinitetalk-{id}.mp4',
			'video/mp4',
		],
		[
			'without a media type of video',
			{},
			{ contentType: 'application/octet-stream', extension: '.mov' },
			'infinitetalk-{id}.mov',
			'video/quicktime',
		],
		[
			'without type and extension',
			{},
			{ contentType: 'binary/octet-stream', extension: '' },
			'infinitetalk-{id}.mp4',
			'video/mp4',
		],
	])('%s has a good name and type', async (_name, options, script, fileName, mimeType) => {
		const [item] = await outputOf({ options }, script, [{ name: 'a/b: c?' }]);

		const expected = fileName.replace('{id}', String(item?.json.id));
		expect(item?.binary?.data).toMatchObject({ fileName: expected, mimeType });
	});

	it('goes into the field that is asked for', async () => {
		const [item] = await outputOf({ outputField: ' talk ' });

		expect(Object.keys(item?.binary ?? {})).toEqual(['talk']);
	});

	it('is complete, also when it comes in pieces', async () => {
		testbed.emulator.setOptions({ videoPaddingBytes: 3_000_000, readInputs: false });
		const execution = await testbed.engine.run({ items: [{}], parameters: byUrl });

		const video = await execution.fileIn(execution.good[0]);
		expect(video.length).toBeGreaterThan(3_000_000);
		expect(execution.good[0]?.binary?.data?.bytes).toBe(video.length);
	});

	it('is not fetched when nobody wants it', async () => {
		const [item] = await outputOf({ downloadVideo: false });

		expect(item?.binary).toBeUndefined();
		expect(item?.json.video_url).toEqual(expect.stringContaining('http'));
		expect(testbed.emulator.requestsTo('download')).toEqual([]);
	});
});

describe('several items', () => {
	it('come out in input order, linked to their inputs, each with its own job', async () => {
		const { emulator, engine } = testbed;
		const marks = ['a', 'b', 'c', 'd'];
		// The first takes the longest.
		for (const [index, match] of marks.entries()) {
			emulator.scriptJob({ match: `${match}-pair.png`, seconds: 0.2 - index * 0.05 });
		}

		const execution = await engine.run({
			items: marks.map((mark) => ({ json: { mark }, files: ownMediaFixtures(mark) })),
		});

		expect(execution.good.map(({ pairedItem }) => pairedItem)).toEqual(
			marks.map((_mark, item) => ({ item })),
		);
		const jobs = emulator.predictions();
		const jobOf = (mark: string) =>
			jobs.find(({ inputs }) => inputs.image.includes(`${mark}-pair.png`))?.id;
		expect(execution.good.map(({ json }) => json.id)).toEqual(marks.map(jobOf));
		expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 4, paid: 4 });
	});

	it('are worked on together', async () => {
		const { emulator, engine } = testbed;
		const running = engine.start({
			items: ['a', 'b', 'c'].map((mark) => ({ files: ownMediaFixtures(mark) })),
		});
		emulator.scriptJob({ times: 'always', seconds: 'never' });

		await emulator.until(() => emulator.predictions().length === 3);
		await emulator.finishAll();

		expect((await running.done).good).toHaveLength(3);
	});

	it('Items in Flight bounds the jobs that have not ended', async () => {
		const { emulator, engine } = testbed;
		let running = 0;
		let most = 0;
		emulator.scriptJob({
			times: 'always',
			seconds: 0.05,
			when: () => {
				running = emulator.predictions().filter(({ endedAt }) => endedAt === undefined).length;
				most = Math.max(most, running + 1);
				return true;
			},
		});

		const execution = await engine.run({
			items: ['a', 'b', 'c', 'd', 'e'].map((mark) => ({ files: ownMediaFixtures(mark) })),
			parameters: { options: { itemsInFlight: 2 } },
		});

		expect(execution.good).toHaveLength(5);
		expect(most).toBe(2);
	});

	it('Items in Flight that is no number counts as the usual one', async () => {
		const execution = await testbed.engine.run({
			items: [{ files: mediaFixtures }],
			parameters: { options: { itemsInFlight: '={{ "ten" }}' } },
		});

		expect(execution.good).toHaveLength(1);
	});

	it('no items in, no items out', async () => {
		const execution = await testbed.engine.run({ items: [] });

		expect(execution.failure).toBeUndefined();
		expect(testbed.emulator.requests).toEqual([]);
	});
});

describe('Submit', () => {
	it.each([true, false])('gives the job at once (simplify: %s)', async (simplify) => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ seconds: 'never' });

		const execution = await engine.run({
			items: [{ files: mediaFixtures }],
			parameters: { operation: 'submit', simplify },
		});

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[0]?.id,
			status: 'created',
			...(simplify ? { video_url: null, reused: false } : { outputs: [] }),
		});
		expect(execution.good[0]?.json).not.toHaveProperty('error');
		expect(execution.good[0]?.binary).toBeUndefined();
		expect(emulator.requestsTo('result', 'download')).toEqual([]);
		const { hints } = execution.run.data.resultData.runData.Video![0]!;
		expect(JSON.stringify(hints)).toContain('Get Result with its ID');
	});
});
