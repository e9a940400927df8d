/** What comes out of the node for a job that went well. */
import { describe, expect, it } from '@jest/globals';
import type { IDataObject, INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { JobScript } from '../emulator/emulator';
import { ENDLESS, itemsOf } from './support/cases';
import { TOOL_TYPE } from './support/nodes';
import { useEngine } from './support/testbed';
import { byUrl } from './support/workflow';

const { emulator, engine } = useEngine();

/** What comes out for an item of this JSON. */
async function outputOf(
	parameters: INodeParameters,
	script: JobScript = {},
	json: IDataObject = {},
	node: Partial<INode> = {},
): Promise<INodeExecutionData> {
	emulator.setOptions({ readInputs: false });
	emulator.scriptJob(script);
	const execution = await engine.run({
		items: [{ json }],
		parameters: { ...byUrl(emulator), ...parameters },
		node,
	});
	expect(execution.failure).toBeUndefined();
	return execution.good[0]!;
}

describe('JSON', () => {
	it('simplified, with no field of the row', async () => {
		const { json } = await outputOf({}, {}, { row: 7 });

		const [job] = emulator.predictions();
		const created = new Date(job?.createdAt ?? 0).toISOString();
		const expires = new Date((job?.createdAt ?? 0) + 7 * 24 * 3600 * 1000).toISOString();
		expect(json).toEqual({
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

	it.each<[string, INodeParameters, string[], string[]]>([
		['Simplified', {}, ['id', 'status', 'video_url', 'reused'], ['urls']],
		['Raw', { output: 'raw', simplify: true }, ['id', 'model', 'outputs', 'urls'], []],
		['Selected Fields', { fields: ['reused'] }, ['id', 'reused'], ['status', 'urls']],
		['names in a text', { fields: '={{ "reused, model" }}' }, ['id', 'reused'], ['status']],
	])('of a tool: %s, never a field of the row', async (_what, more, some, none) => {
		const options = { includeInputFields: true };
		const parameters = { ...more, ...(more.fields && { output: 'selected' }), options };

		const { json } = await outputOf(parameters, {}, { row: 7 }, { type: TOOL_TYPE });

		expect(Object.keys(json)).toEqual(expect.arrayContaining(some));
		for (const field of [...none, 'row']) expect(json).not.toHaveProperty(field);
	});
});

it.each([
	['submitAndWait', 'completed'],
	['submit', 'created'],
	['getPrice', 'to do'],
])(
	'Include Input Fields: %s keeps those of the row, less its key error, and its own win',
	async (operation, status) => {
		const row = { row: 7, status: 'to do', error: 'of the row' };

		const { json } = await outputOf({ operation, options: { includeInputFields: true } }, {}, row);

		expect(json).toMatchObject({ row: 7, status });
		expect(json).not.toHaveProperty('error');
	},
);

describe('the video', () => {
	it.each<[string, INodeParameters, JobScript, string, string]>([
		['by default', {}, {}, 'infinitetalk-{id}.mp4', 'video/mp4'],
		['with a name of an item', { fileName: '={{ $json.name }}' }, {}, 'a_b_ c_.mp4', 'video/mp4'],
		['that is a WebM', {}, { contentType: 'video/webm' }, 'infinitetalk-{id}.webm', 'video/webm'],
	])(
		'%s has a good name and type, in the field for it',
		async (_name, options, script, ...file) => {
			const parameters = { options, outputField: ' talk ' };

			const { json, binary } = await outputOf(parameters, script, { name: 'a/b: c?' });

			const [fileName, mimeType] = file;
			const expected = fileName.replace('{id}', String(json.id));
			expect(binary).toMatchObject({ talk: { fileName: expected, mimeType } });
			expect(Object.keys(binary!)).toHaveLength(1);
		},
	);

	it('is not fetched when nobody wants it', async () => {
		const { json, binary } = await outputOf({ downloadVideo: false });

		expect(binary).toBeUndefined();
		expect(json.video_url).toEqual(expect.stringContaining('http'));
		expect(emulator.requestsTo('download')).toEqual([]);
	});
});

it('several items come out in input order, linked to their inputs, each with its own job', async () => {
	const marks = ['a', 'b', 'c', 'd'];
	for (const mark of marks) {
		emulator.scriptJob({ match: `${mark}-pair.png`, id: `job-of-${mark}`, seconds: 'never' });
	}

	const running = engine.run({ items: itemsOf(...marks) });
	await emulator.until(() => emulator.predictions().length === 4);
	// The first takes the longest.
	for (const mark of [...marks].reverse()) await emulator.finishJob(`job-of-${mark}`);

	const { good } = await running;
	expect(good.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual(
		marks.map((mark, item) => [`job-of-${mark}`, { item }]),
	);
	expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 4, paid: 4 });
});

it('Max Parallel Jobs bounds the jobs that have not ended', async () => {
	const unended = () => emulator.predictions().filter(({ endedAt }) => endedAt === undefined);
	let most = 0;
	const when = () => {
		most = Math.max(most, unended().length + 1);
		return true;
	};
	emulator.scriptJob({ ...ENDLESS, when });

	const running = engine.run({
		items: itemsOf('a', 'b', 'c', 'd', 'e'),
		parameters: { options: { itemsInFlight: 2 } },
	});
	for (const begun of [2, 3, 4, 5, 5]) {
		await emulator.until(() => emulator.predictions().length === begun);
		await emulator.finishJob(unended()[0]!.id);
	}

	expect((await running).good).toHaveLength(5);
	expect(most).toBe(2);
});

it.each([true, false])('Submit gives the job at once (simplify: %s)', async (simplify) => {
	emulator.scriptJob({ seconds: 'never' });

	const { good, hints } = await engine.run({ parameters: { operation: 'submit', simplify } });

	expect(good[0]?.json).toMatchObject({
		id: emulator.predictions()[0]?.id,
		status: 'created',
		...(simplify ? { video_url: null, reused: false } : { outputs: [] }),
	});
	expect(good[0]?.json).not.toHaveProperty('error');
	expect(good[0]?.binary).toBeUndefined();
	expect(emulator.requestsTo('result', 'download')).toEqual([]);
	expect(hints).toContain('Get Result with its ID');
});
