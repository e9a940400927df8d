import { expect, it } from '@jest/globals';
import { itemsOf } from '../testbed';
import { KEEP_RUNNING, NODE, READY, retryOnFail, useVideo } from './support/video-workflow';

const { client, emulator, start, run, jobOf, jobIds, expectPaid } = useVideo();

/** Answers that end a try: the node waits out a 502, but not a refused key. */
const BAD_GATEWAY = { respond: { status: 502, body: '<html>Bad gateway</html>' } };
const WRONG_KEY = { respond: { status: 401, body: { code: 401, message: 'Invalid API key' } } };

it('Retry On Fail carries on with the same job after polls that fail', async () => {
	emulator.scriptJob({ seconds: 'never' });
	emulator.faults.add({ on: 'result', times: 2, do: BAD_GATEWAY });
	emulator.faults.add({ on: 'result', do: WRONG_KEY });
	const id = await start({ parameters: { options: KEEP_RUNNING }, node: retryOnFail(2) });
	await emulator.until(() => emulator.requestsTo('result').length === 3);
	await emulator.finishAll();
	const ended = await client.waitFor(id, ['success']);
	expect(itemsOf(ended, NODE)[0]?.json.id).toBe(jobIds()[0]);
	expectPaid({ submitted: 1 });
});

it('Retry On Fail submits again only the job that WaveSpeed reports as failed, without new uploads', async () => {
	const prompts = ['one', 'two', 'three'];
	const end = { status: 'failed', code: 5000, error: 'Out of luck' };
	emulator.scriptJob({ ...READY, match: 'two', end });
	emulator.scriptJob({ ...READY, times: 'always' });
	const ended = await run({ prompts, node: retryOnFail(2) });
	const twos = emulator.predictions().filter(({ inputs }) => inputs.prompt === 'two');
	expect(twos.map(({ status }) => status)).toEqual(['failed', 'completed']);
	const ids = [jobOf('one').id, twos[1]!.id, jobOf('three').id];
	expect(itemsOf(ended, NODE).map(({ json }) => json.id)).toEqual(ids);
	expectPaid({ submitted: 4, refunded: 1 });
});
