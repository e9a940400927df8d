/** Jobs that take longer than the user wants to wait, and videos that cannot be fetched. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { CannedResponse, FaultAction } from '../emulator/faults';
import { mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';
import { time } from './support/time';

const testbed = useEngine();

const items = [{ files: mediaFixtures }];

function within(timeoutMinutes: number, more: INodeParameters = {}): INodeParameters {
	return { options: { timeoutMinutes, ...more } };
}

describe('On Timeout', () => {
	it('Fail names the job and what to do', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ seconds: 'never' });

		const execution = await engine.run({ items, parameters: within(1) });

		const [job] = emulator.predictions();
		expect(execution.error.message).toBe(
			`The job has not ended within 1 minutes (job ${job?.id}) [item 1]`,
		);
		expect(execution.error.description).toContain('Get Result');
	});

	it.each([true, false])('Output gives the unfinished job (simplify: %s)', async (simplify) => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ seconds: 'never' });
		const parameters = { ...within(1, { onTimeout: 'output' }), simplify };

		const execution = await engine.run({ items, parameters });

		expect(execution.failure).toBeUndefined();
		expect(execution.good[0]).toMatchObject({
			json: { id: emulator.predictions()[0]?.id, status: 'processing', timed_out: true },
			pairedItem: { item: 0 },
		});
		expect(execution.good[0]?.json).not.toHaveProperty('error');
		expect(execution.good[0]?.binary).toBeUndefined();
	});

	it('a job that could not be read even once is unfinished, too', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ id: 'silent-job' });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const fault = { on: 'result', times: 'always', do: 'reset' } as const;
		emulator.faults.add(fault);

		const execution = await engine.run({ items, parameters: within(1, { onTimeout: 'output' }) });

		expect(execution.good[0]?.json).toMatchObject({ id: 'silent-job', timed_out: true });
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('Get Result goes on from the unfinished job and from the failure', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const unfinished = await engine.run({ items, parameters: within(1, { onTimeout: 'output' }) });
		const failed = await engine.run({
			items,
			parameters: within(1),
			node: { onError: 'continueErrorOutput' },
		});
		await emulator.finishAll();

		const execution = await engine.run({
			items: [unfinished, failed].flatMap(({ good, bad }) => [...good, ...bad]),
			parameters: {
				operation: 'getResult',
				predictionId: '={{ $json.id ?? $json.error.id }}',
			},
		});

		expect(execution.good.map(({ json }) => json.id)).toEqual(
			emulator.predictions().map(({ id }) => id),
		);
		expect(execution.good.map(({ json }) => json.status)).toEqual(['completed', 'completed']);
	});

	it('Get Result with Wait has the same choice', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ id: 'long-job', seconds: 'never' });
		await engine.run({ items, parameters: { operation: 'submit' } });
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

describe('waiting', () => {
	it('asks again after 5 seconds, then ever less often, and never past the deadline', async () => {
		const { emulator, engine } = testbed;
		time.speed = 1_000;
		emulator.scriptJob({ seconds: 'never' });

		await engine.run({ items, parameters: within(20, { onTimeout: 'output' }) });

		const pauses = time.sleeps.map(({ ms }) => ms);
		expect(pauses[0]).toBeGreaterThanOrEqual(2_500);
		const submittedAt = emulator.requestsTo('submit')[0]!.time;
		for (const { ms, at } of time.sleeps) {
			const waited = (at + 1 - submittedAt) * time.speed;
			expect(ms).toBeLessThanOrEqual(Math.max(5_000, waited * 0.05));
		}
		expect(Math.max(...pauses)).toBeLessThanOrEqual(60_000);
		const sum = pauses.reduce((total, ms) => total + ms, 0);
		expect(sum).toBeLessThanOrEqual(20 * 60_000);
		expect(emulator.requestsTo('result').length).toBeLessThanOrEqual(80);
	});

	it('unknown statuses and sync timeouts are waited out', async () => {
		const { emulator, engine } = testbed;
		const sync = { status: 'processing', code: 5004, error: 'sync mode timed out' };
		emulator.scriptJob({ statuses: ['pending', 'queued', 'Warming up', sync] });

		const execution = await engine.run({ items });

		expect(execution.good[0]?.json.status).toBe('completed');
		expect(emulator.requestsTo('result')).toHaveLength(5);
	});

	it('a job that is not readable yet is waited for', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ notFoundFor: 1 });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('a job that has ended at submission is not asked for', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ respondWhenEnded: true });

		const execution = await engine.run({ items });

		expect(execution.good).toHaveLength(1);
		expect(emulator.requestsTo('result')).toEqual([]);
	});
});

describe('a download', () => {
	const passing: Array<[string, FaultAction, number]> = [
		['HTTP 500', { respond: { status: 500 } }, 3],
		['HTTP 503', { respond: { status: 503 } }, 1],
		['HTTP 429', { respond: { status: 429 } }, 1],
		['HTTP 403', { respond: { status: 403, body: '<Error/>' } }, 1],
		['a reset', 'reset', 2],
		['half a file', 'cutBody', 2],
		['a stall', 'stall', 1],
		['an empty file', { respond: { status: 200, headers: { 'content-type': 'video/mp4' } } }, 1],
	];
	it.each(passing)('%s is overcome, and the file is whole', async (_name, fault, times) => {
		const { emulator, engine } = testbed;
		time.idleTimeoutDivisor = 60;
		emulator.setOptions({ videoPaddingBytes: 1_000_000 });
		emulator.faults.add({ on: 'download', times, do: fault });

		const execution = await engine.run({ items });

		expect(execution.failure).toBeUndefined();
		const video = await execution.fileIn(execution.good[0]);
		expect(video.length).toBeGreaterThan(1_000_000);
		expect(emulator.requestsTo('download')).toHaveLength(times + 1);
	});

	it('follows redirects to trusted places', async () => {
		const { emulator, engine } = testbed;
		const location = '?signed=1';
		emulator.faults.add({
			on: 'download',
			do: { respond: { status: 302, headers: { location } } },
		});
		emulator.faults.add({
			on: 'download',
			do: { respond: { status: 200, headers: { 'content-type': 'video/mp4' }, body: 'video' } },
		});

		const execution = await engine.run({ items });

		expect((await execution.fileIn(execution.good[0])).toString()).toBe('video');
		expect(emulator.requestsTo('download').map(({ url }) => url.split('?')[1])).toEqual([
			undefined,
			'signed=1',
		]);
		for (const { headers } of emulator.requestsTo('download')) {
			expect(headers).not.toHaveProperty('authorization');
		}
	});

	const lost: Array<[string, CannedResponse, RegExp]> = [
		['HTTP 404', { status: 404 }, /could not be downloaded: .* HTTP 404/],
		['HTTP 500', { status: 500 }, /could not be downloaded: .* HTTP 500/],
		[
			'a redirect to an open address',
			{ status: 302, headers: { location: 'http://cdn.example.com/1.mp4' } },
			/not https/,
		],
		['a redirect to a file', { status: 302, headers: { location: 'file:///x' } }, /not https/],
		['endless redirects', { status: 302, headers: { location: '' } }, /other addresses|HTTP 302/],
		['a page', { status: 200, body: '<html>Log in</html>' }, /text\/html instead of a video/],
		['JSON', { status: 200, body: { code: 200 } }, /application\/json instead of a video/],
	];
	it.each(lost)('%s at last loses neither ID nor address', async (_name, respond, error) => {
		const { emulator, engine } = testbed;
		emulator.faults.add({ on: 'download', times: 'always', do: { respond } });

		const execution = await engine.run({ items, node: { onError: 'continueErrorOutput' } });

		const [job] = emulator.predictions();
		expect(execution.bad[0]?.json).toEqual({
			error: {
				message: expect.stringMatching(error),
				step: 'download',
				id: job?.id,
				status: 'completed',
				video_url: job?.videoUrl,
				next_step: expect.stringContaining(String(job?.videoUrl)),
			},
		});
		expect(execution.bad[0]?.json).toHaveProperty(
			'error.message',
			expect.stringContaining(String(job?.id)),
		);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
	});

	it.each([[[]], [null], [[null]], [['']], [[{ file: 'x' }]]])(
		'completed with the outputs %j is an error that names the job',
		async (outputs) => {
			const { emulator, engine } = testbed;
			emulator.scriptJob({ outputs });

			const execution = await engine.run({ items });

			expect(execution.error.message).toContain(String(emulator.predictions()[0]?.id));
			expect(execution.error.message).toContain('no address of a video');
		},
	);

	it('from an address that is not https is refused', async () => {
		const { emulator, engine } = testbed;
		emulator.scriptJob({ outputs: ['http://cdn.example.com/1.mp4'] });

		const execution = await engine.run({ items });

		expect(execution.error.message).toContain('not https');
		expect(execution.error.description).toContain('http://cdn.example.com/1.mp4');
	});
});
