/** What comes out of the node for a job that went well. */
import { describe, expect, it } from '@jest/globals';
import type { IDataObject, INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { ENDLESS, itemsOf } from './support/cases';
import type { JobScript } from '../emulator/emulator';
import { TOOL_TYPE } from './support/nodes';
import { byUrl } from './support/workflow';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

async function outputOf(
	parameters: INodeParameters,
	script: JobScript = {},
	items: IDataObject[] = [{}],
	node: Partial<INode> = {},
): Promise<INodeExecutionData[]> {
	emulator.setOptions({ readInputs: false });
	emulator.scriptJob({ ...script, times: 'always' });
	const execution = await engine.run({
		items: items.map((json) => ({ json })),
		parameters: { ...byUrl(emulator), ...parameters },
		node,
	});
	expect(execution.failure).toBeUndefined();
	return execution.good;
}

describe('JSON', () => {
	it('simplified', async () => {
		const [item] = await outputOf({});

		const [job] = emulator.predictions();
		const created = new Date(job?.createdAt ?? 0).toISOString();
		const expires = new Date((job?.createdAt ?? 0) + 7 * 24 * 3600 * 1000).toISOString();
		expect(item?.json).toEqual({
			id: job?.id,
			status: 'completed',
			video_url: job?.videoUrl,
			reused: false,
			duration_s: 3.69,
			expires_at: expires,
			has_nsfw_contents: false,
			created_at: expect.stringContaining(created.slice(0, -1)),
			inference_ms: expect.any(Number),
		});
	});

	it('raw, as the API gives it, less the empty error', async () => {
		const [item] = await outputOf({ simplify: false }, { set: { extra: { a: [1] } } });

		const [job] = emulator.predictions();
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
});

describe('Include Input Fields', () => {
	const options = { includeInputFields: true };
	const row = { row: 7, status: 'to do', error: 'of the row' };

	it.each<[string, INodeParameters]>([
		['Submit and Wait', {}],
		['Submit', { operation: 'submit' }],
		['Get Price', { operation: 'getPrice' }],
	])(
		'%s keeps the fields of the row, less its key error, and its own fields win',
		async (_name, more) => {
			const [item] = await outputOf({ ...more, options }, {}, [row]);

			expect(item?.json.row).toBe(7);
			expect(item?.json).not.toHaveProperty('error');
			expect(item?.json.status === 'to do').toBe(more.operation === 'getPrice');
		},
	);

	it.each([
		['a node without the option', {}, {}],
		['a tool', options, { type: TOOL_TYPE }],
	])('%s gives its own fields only', async (_what, given, node) => {
		const [item] = await outputOf({ options: given }, {}, [row], node);

		expect(item?.json).not.toHaveProperty('row');
	});
});

describe('the video', () => {
	it.each<[string, INodeParameters, JobScript, string, string]>([
		['by default', {}, {}, 'infinitetalk-{id}.mp4', 'video/mp4'],
		['with a name of an item', { fileName: '={{ $json.name }}' }, {}, 'a_b_ c_.mp4', 'video/mp4'],
		['that is a WebM', {}, { contentType: 'video/webm' }, 'infinitetalk-{id}.webm', 'video/webm'],
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
		emulator.setOptions({ videoPaddingBytes: 3_000_000, readInputs: false });
		const execution = await engine.run();

		const video = await execution.fileIn(execution.good[0]);
		expect(video.length).toBeGreaterThan(3_000_000);
		expect(execution.good[0]?.binary?.data?.bytes).toBe(video.length);
	});

	it('is not fetched when nobody wants it', async () => {
		const [item] = await outputOf({ downloadVideo: false });

		expect(item?.binary).toBeUndefined();
		expect(item?.json.video_url).toEqual(expect.stringContaining('http'));
		expect(emulator.requestsTo('download')).toEqual([]);
	});
});

describe('several items', () => {
	it('come out in input order, linked to their inputs, each with its own job', async () => {
		const marks = ['a', 'b', 'c', 'd'];
		for (const mark of marks) {
			const script = { match: `${mark}-pair.png`, id: `job-of-${mark}` };
			emulator.scriptJob({ ...script, seconds: 'never' });
		}

		const running = await engine.start({ items: itemsOf(...marks) });
		await emulator.until(() => emulator.predictions().length === 4);
		// The first takes the longest.
		for (const mark of [...marks].reverse()) await emulator.finishJob(`job-of-${mark}`);
		const execution = await running.done;

		expect(execution.good.map(({ pairedItem }) => pairedItem)).toEqual(
			marks.map((_mark, item) => ({ item })),
		);
		expect(execution.good.map(({ json }) => json.id)).toEqual(
			marks.map((mark) => `job-of-${mark}`),
		);
		expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 4, paid: 4 });
	});

	it('Max Parallel Jobs bounds the jobs that have not ended', async () => {
		let most = 0;
		emulator.scriptJob({
			...ENDLESS,
			when: () => {
				const running = emulator.predictions().filter(({ endedAt }) => endedAt === undefined);
				most = Math.max(most, running.length + 1);
				return true;
			},
		});

		const running = await engine.start({
			items: itemsOf('a', 'b', 'c', 'd', 'e'),
			parameters: { options: { itemsInFlight: 2 } },
		});
		for (const begun of [2, 3, 4, 5, 5]) {
			await emulator.until(() => emulator.predictions().length === begun);
			await emulator.finishJob(emulator.predictions().find(({ endedAt }) => !endedAt)!.id);
		}

		expect((await running.done).good).toHaveLength(5);
		expect(most).toBe(2);
	});

	it('no items in, no items out', async () => {
		const execution = await engine.run({ items: [] });

		expect(execution.failure).toBeUndefined();
		expect(emulator.requests).toEqual([]);
	});
});

describe('Submit', () => {
	it.each([true, false])('gives the job at once (simplify: %s)', async (simplify) => {
		emulator.scriptJob({ seconds: 'never' });

		const execution = await engine.run({ parameters: { operation: 'submit', simplify } });

		expect(execution.good[0]?.json).toMatchObject({
			id: emulator.predictions()[0]?.id,
			status: 'created',
			...(simplify ? { video_url: null, reused: false } : { outputs: [] }),
		});
		expect(execution.good[0]?.json).not.toHaveProperty('error');
		expect(execution.good[0]?.binary).toBeUndefined();
		expect(emulator.requestsTo('result', 'download')).toEqual([]);
		expect(execution.hints).toContain('Get Result with its ID');
	});
});
