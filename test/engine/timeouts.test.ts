/** Jobs that take longer than the user wants to wait, and videos that cannot be fetched. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { FaultAction } from '../emulator/faults';
import { ENDLESS, TO_ERROR_OUTPUT } from './support/cases';
import { useEngine } from './support/testbed';
import { time } from './support/time';

const { emulator, engine } = useEngine();

function within(timeoutMinutes: number, more: INodeParameters = {}): INodeParameters {
	return { options: { timeoutMinutes, ...more } };
}

/** The outermost boxes of a video, with nothing in them. */
const SMALL_VIDEO = '\0\0\0\x08moov\0\0\0\x08mdat';

function answered(body: string, type = 'video/mp4'): FaultAction {
	return { respond: { status: 200, headers: { 'content-type': type }, body } };
}

describe('On Timeout', () => {
	it('Fail names the job and what to do', async () => {
		emulator.scriptJob({ seconds: 'never' });

		const execution = await engine.run({ parameters: within(1) });

		const [job] = emulator.predictions();
		expect(execution.error.message).toBe(
			`The job did not finish within 1 minute (job ${job?.id}) [item 1]`,
		);
		expect(execution.error.description).toContain('Get Result');
	});

	it.each([true, false])('Output gives the unfinished job (simplify: %s)', async (simplify) => {
		emulator.scriptJob({ seconds: 'never' });
		const parameters = { ...within(1, { onTimeout: 'output' }), simplify };

		const execution = await engine.run({ parameters });

		expect(execution.failure).toBeUndefined();
		expect(execution.good[0]).toMatchObject({
			json: { id: emulator.predictions()[0]?.id, status: 'processing', timed_out: true },
			pairedItem: { item: 0 },
		});
		expect(execution.good[0]?.json).not.toHaveProperty('error');
		expect(execution.good[0]?.binary).toBeUndefined();
	});

	it('a job that could not be read even once is unfinished, too', async () => {
		emulator.scriptJob({ id: 'silent-job', seconds: 'never' });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		emulator.faults.add({ on: 'result', times: 'always', do: 'reset' });

		const execution = await engine.run({ parameters: within(1, { onTimeout: 'output' }) });

		expect(execution.good[0]?.json).toMatchObject({ id: 'silent-job', timed_out: true });
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('Get Result goes on from the unfinished job and from the failure', async () => {
		emulator.scriptJob(ENDLESS);
		const unfinished = await engine.run({ parameters: within(1, { onTimeout: 'output' }) });
		const failed = await engine.run({ parameters: within(1), node: TO_ERROR_OUTPUT });
		await emulator.finishAll();

		const { good } = await engine.run({
			items: [...unfinished.good, ...failed.bad],
			parameters: { operation: 'getResult', predictionId: '={{ $json.id ?? $json.error.id }}' },
		});

		const ids = emulator.predictions().map(({ id }) => [id, 'completed']);
		expect(good.map(({ json }) => [json.id, json.status])).toEqual(ids);
	});

	it('Get Result with Wait has the same choice', async () => {
		emulator.scriptJob({ id: 'long-job', seconds: 'never' });
		await engine.run({ parameters: { operation: 'submit' } });
		const wait = { operation: 'getResult', ifNotFinished: 'wait', predictionId: 'long-job' };

		const output = await engine.run({
			items: [{}],
			parameters: { ...wait, ...within(1, { onTimeout: 'output' }) },
		});
		const failed = await engine.run({ items: [{}], parameters: { ...wait, ...within(1) } });

		expect(output.good[0]?.json).toMatchObject({ id: 'long-job', timed_out: true });
		expect(failed.error.message).toContain('long-job');
	});
});

describe('a download', () => {
	const passing: Array<[string, FaultAction, number]> = [
		['half a file', 'cutBody', 2],
		['a stall', 'stall', 1],
		['no content', { respond: { status: 204 } }, 2],
		['an empty file', answered(''), 2],
		['an error text called a video', answered('Access denied by policy'), 2],
		['a page called octets', answered('<html>Denied</html>', 'application/octet-stream'), 2],
		['a part of a video', answered(`${SMALL_VIDEO}\0\0\0\x20free`), 2],
	];
	it.each(passing)('%s is overcome, and the file is whole', async (_name, fault, times) => {
		time.limitsPass = true;
		emulator.setOptions({ videoPaddingBytes: 1_000_000 });
		emulator.faults.add({ on: 'download', times, do: fault });

		const execution = await engine.run();

		expect(execution.failure).toBeUndefined();
		const video = await execution.fileIn(execution.good[0]);
		expect(video.length).toBeGreaterThan(1_000_000);
		expect(emulator.requestsTo('download')).toHaveLength(times + 1);
	});

	it.each(['filesystem', 'memory'] as const)(
		'that never brings a video fails with the link, and keeps no file (%s)',
		async (binaryData) => {
			emulator.faults.add({ on: 'download', times: 'always', do: answered('Access denied') });

			const execution = await engine.run({ node: TO_ERROR_OUTPUT, binaryData });

			const [job] = emulator.predictions();
			expect(execution.good).toEqual([]);
			expect(execution.errors).toEqual([
				expect.objectContaining({
					step: 'download',
					id: job?.id,
					video_url: job?.videoUrl,
					message: `The video is finished but could not be downloaded: the server sent plain text instead (job ${job?.id}) [item 1]`,
				}),
			]);
			expect(emulator.requestsTo('download')).toHaveLength(4);
		},
	);

	it('follows redirects to trusted places', async () => {
		const respond = { status: 302, headers: { location: '?signed=1' } };
		emulator.faults.add({ on: 'download', do: { respond } });
		emulator.faults.add({ on: 'download', do: answered(SMALL_VIDEO) });

		const execution = await engine.run();

		expect((await execution.fileIn(execution.good[0])).toString()).toBe(SMALL_VIDEO);
		expect(emulator.requestsTo('download').map(({ url }) => url.split('?')[1])).toEqual([
			undefined,
			'signed=1',
		]);
		for (const { headers } of emulator.requestsTo('download')) {
			expect(headers).not.toHaveProperty('authorization');
		}
	});

	it.each([[[]], [[{ file: 'x' }]]])(
		'completed with the outputs %j is an error that names the job',
		async (outputs) => {
			emulator.scriptJob({ outputs });

			const execution = await engine.run();

			expect(execution.error.message).toContain(String(emulator.predictions()[0]?.id));
			expect(execution.error.message).toContain('no video URL');
		},
	);
});
