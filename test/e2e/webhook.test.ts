/** Executions that are stored until WaveSpeed calls. */
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { request } from 'undici';
import { FROM_NODES, itemsOf, node, noOp, until } from '../testbed';
import { NEVER, NODE, useVideo } from './support/video-workflow';

const video = useVideo();
const { testbed, client, emulator, start, store, startChain } = video;
const { jobOf, jobsOf, expectPaid, expectVideos } = video;

const TWO = { prompts: ['one', 'two'] };

it('forged calls, and calls of rubbish, change nothing', async () => {
	emulator.scriptJob(NEVER);
	const id = await store();
	const [job] = jobsOf(id);
	const answerTo = async (call: Parameters<typeof emulator.deliverWebhook>[1]) =>
		(await emulator.deliverWebhook(job!.id, { retries: 0, ...call }))?.status;
	expect(await answerTo({ signature: 'wrong' })).toBe(401);
	expect(await answerTo({ timestamp: Math.floor(Date.now() / 1000) - 301 })).toBe(401);
	const url = new URL(job!.webhook!);
	url.searchParams.set('signature', '0'.repeat(64));
	expect((await request(url, { method: 'POST', body: '{}' })).statusCode).toBe(401);
	// n8n itself answers a body that is not JSON.
	const headers = { 'content-type': 'application/json' };
	const rubbish = await request(job!.webhook!, { method: 'POST', headers, body: '<html>' });
	expect(rubbish.statusCode).toBe(422);
	expect(await answerTo({ set: { id: null } })).toBe(200);
	const outputs = ['https://evil.example/x.mp4'];
	expect(await answerTo({ set: { status: 'completed', outputs } })).toBe(200);
	await client.waitFor(id, ['waiting']);
	await emulator.finishAll();
	const ended = await client.waitFor(id, ['success']);
	expect(itemsOf(ended, NODE)[0]?.json.video_url).toBe(jobOf('alone').videoUrl);
});

it('calls that come in another order, twice, and with the ID of another job do no harm', async () => {
	emulator.scriptJob({ ...NEVER, webhook: { times: 2 } });
	const id = await store(TWO);
	const others = ['three', 'four'];
	const other = await store({ prompts: others });
	const [first, second] = jobsOf(id);
	const [stranger] = jobsOf(other);
	await emulator.finishJob(stranger!.id);
	const foreign = await emulator.deliverWebhook(stranger!.id, { url: first!.webhook! });
	expect(foreign?.status).toBe(200);
	const swapped = { set: { id: second!.id, status: 'failed', error: 'Not true' } };
	await emulator.deliverWebhook(first!.id, swapped);
	await client.waitFor(id, ['waiting']);
	for (const job of [second!, first!]) await emulator.finishJob(job.id);
	await expectVideos(id, ...TWO.prompts);
	await client.waitFor(other, ['waiting']);
	await emulator.finishAll();
	await expectVideos(other, ...others);
	expectPaid({ submitted: 4, uploaded: 6 });
});

it('a call while the execution runs is refused, and its repetition is taken', async () => {
	emulator.scriptJob({ seconds: 0, match: 'one' });
	emulator.scriptJob({ seconds: 'never', match: 'two' });
	let open = () => {};
	const opened = new Promise<void>((resolve) => (open = resolve));
	emulator.faults.add({ on: 'submit', match: { body: 'two' }, do: { delay: opened } });
	const id = await start(TWO);
	const answers = () => emulator.deliveries().map(({ status }) => status);
	await emulator.until(() => answers().length > 0);
	// Refused with 409, or 500 where n8n has stored nothing of the execution yet.
	expect(answers()).not.toContain(200);
	open();
	await client.waitFor(id, ['waiting']);
	await emulator.until(() => answers().includes(200));
	await emulator.finishAll();
	await expectVideos(id, ...TWO.prompts);
	expectPaid({ submitted: 2 });
});

it('a late call does not wake what the user waits for later in the same execution', async () => {
	emulator.scriptJob(NEVER);
	const wait = { resume: 'webhook', httpMethod: 'POST', options: {} };
	const id = await startChain(
		testbed.videoNode(NODE, FROM_NODES),
		node('Approval', 'n8n-nodes-base.wait', wait, { typeVersion: 1.1 }),
		noOp('After'),
	);
	await client.waitFor(id, ['waiting']);
	await emulator.finishAll();
	const isAt = async () =>
		(await client.execution(id)).data.resultData.lastNodeExecuted === 'Approval';
	await until(isAt, { what: 'the Wait node to wait' });
	await client.waitFor(id, ['waiting']);
	const [job] = jobsOf(id);
	const late = await emulator.deliverWebhook(job!.id, { retries: 0 });
	expect(late?.status).toBe(404);
	await client.waitFor(id, ['waiting']);
	const own = new URL(late!.url);
	own.pathname = path.posix.dirname(own.pathname);
	await request(own, { method: 'POST' });
	const ended = await client.waitFor(id, ['success']);
	expect(itemsOf(ended, 'After')).toHaveLength(1);
});
