/** A job is ours when its three files are, and never by its seed alone. */
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import type { JobIdentity } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import { knownJob, rememberJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import { Proof, type InputFiles } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/proof';
import { BASE, createPrediction, createReset } from '../support/api';
import { fresh } from '../support/fresh';
import { ScriptedHttp, createRedirect, createStream, type StreamReply } from '../support/http';
import { createIdentity } from '../support/records';

const http = fresh(() => new ScriptedHttp());
/** Of one run; another run has another one. */
const proof = fresh(() => new Proof(http, BASE));

const CONTENT = { image: 'picture', left_audio: 'voice 1', right_audio: 'voice 2' };
const SWAPPED = { ...CONTENT, left_audio: 'voice 2', right_audio: 'voice 1' };
type Key = keyof typeof CONTENT;
const KEYS = Object.keys(CONTENT) as Key[];
const EQUAL = { is: 'equal' };
const DIFFERENT = { is: 'different' };

let jobs = 0;

const addressOf = (id: string, key: Key) => `https://cdn.example/${id}/${key}`;

/** Addresses and an ID of its own, as the process remembers them. */
function createCandidate(inputs: Record<string, unknown> = {}): Prediction {
	const id = `candidate-${++jobs}`;
	const own = Object.fromEntries(KEYS.map((key) => [key, addressOf(id, key)]));
	return createPrediction({ id, inputs: { ...own, ...inputs } });
}

/** Serves the files of a job: ours, unless others or other replies are given. */
function serve(
	replies: Partial<Record<Key, string | StreamReply | Error>> = {},
	job = createCandidate(),
): Prediction {
	for (const key of KEYS.filter((key) => job.inputs?.[key] === addressOf(job.id, key))) {
		const reply = replies[key] ?? CONTENT[key];
		http.on('GET', addressOf(job.id, key), typeof reply === 'string' ? createStream(reply) : reply);
	}
	return job;
}

const sha256 = (content: string) => createHash('sha256').update(content).digest('hex');

function filesOf(content: typeof CONTENT): InputFiles {
	const digestOf = (text: string) => ({ sha256: sha256(text), size: text.length });
	return Object.fromEntries(KEYS.map((key) => [key, digestOf(content[key])])) as InputFiles;
}

function identityOf(content: typeof CONTENT): JobIdentity {
	return createIdentity({ inputsDigest: sha256(JSON.stringify(content)) });
}

async function check(job: Prediction, content = CONTENT, by = proof) {
	return await by.check(job, identityOf(content), filesOf(content));
}

function breaking(): StreamReply {
	const stream = new Readable({ read: () => stream.destroy(new Error('broken')) });
	return { status: 200, stream };
}

it('a job of three files like ours is equal, read without the key and with limits', async () => {
	expect(await check(serve())).toEqual(EQUAL);
	const limits = { authenticated: false, idleTimeoutMs: 10_000, timeoutMs: 15_001 };
	expect(http.requests).toMatchObject(Array(3).fill(limits));

	// An input may take longer the larger it is.
	const files = filesOf(CONTENT);
	files.image!.size = 200 * 1024 * 1024;
	const large = serve();
	await new Proof(http, BASE).check(large, createIdentity(), files);
	expect(http.to('GET', addressOf(large.id, 'image'))[0]!.timeoutMs).toBe(15_000 + 819_200);
});

describe('a job is different', () => {
	it.each<[string, Partial<Record<Key, string | StreamReply>>]>([
		['with another picture', { image: 'Picture' }],
		['with swapped voices', SWAPPED],
		['with a longer voice', { left_audio: 'voice 1 and more' }],
		['with a shorter voice', { right_audio: 'voice' }],
		['by one input, although another cannot be read', { image: breaking(), left_audio: 'Voice 1' }],
	])('%s', async (_what, replies) => {
		expect(await check(serve(replies))).toEqual(DIFFERENT);
	});

	it('by the length in a response alone, and nothing is read then', async () => {
		const withLength = (content: string) =>
			createStream(content, 200, { 'content-length': String(content.length) });
		const replies = {
			image: withLength('another picture'),
			left_audio: withLength(CONTENT.left_audio),
			right_audio: withLength(CONTENT.right_audio),
		};
		expect(await check(serve(replies))).toEqual(DIFFERENT);
		for (const { stream } of Object.values(replies)) {
			expect([stream.destroyed, stream.readableDidRead]).toEqual([true, false]);
		}
	});
});

describe('a job is not provable', () => {
	const PRIVATE = 'has a URL that points to a private network';

	it.each<[string, StreamReply | Error, string]>([
		['no response', createReset(), 'cannot be read (the connection was lost)'],
		['half a file', breaking(), 'cannot be read to the end'],
		['a redirect to a private host', createRedirect('https://10.0.0.1/a'), `${PRIVATE} (10.0.0.1)`],
	])('when an input answers with %s', async (_what, reply, reason) => {
		const verdict = { is: 'notProvable', reason: `its left audio ${reason}` };
		expect(await check(serve({ left_audio: reply }))).toEqual(verdict);
	});

	it.each([
		['https://192.168.1.7/a.png', `${PRIVATE} (192.168.1.7)`],
		[{ url: 'https://cdn.example/a' }, 'is not shown'],
	])('when its picture is at %j, which is not asked', async (image, reason) => {
		const verdict = { is: 'notProvable', reason: `its image ${reason}` };
		expect(await check(serve({}, createCandidate({ image })))).toEqual(verdict);
	});

	it('and is not tried again in the same run, but in the next one', async () => {
		const job = serve({ image: createReset() });
		expect(await check(job)).toMatchObject({ is: 'notProvable' });
		expect(await check(job)).toMatchObject({ is: 'notProvable' });
		serve({}, job);
		expect(await check(job, CONTENT, new Proof(http, BASE))).toEqual(EQUAL);
	});
});

describe('this process remembers', () => {
	it('what its own jobs are made of, and reads nothing', async () => {
		const job = createCandidate();
		rememberJob({ ...identityOf(CONTENT), prediction: job, executionId: '12' });
		expect(await check(job)).toEqual(EQUAL);
		expect(await check(job, SWAPPED)).toEqual(DIFFERENT);
		expect(knownJob('account', job.id)?.executionId).toBe('12');
	});

	it('jobs that it has compared, and what is at an address, also for another job', async () => {
		const first = serve();
		// The same ID of another account says nothing.
		rememberJob({ ...identityOf(SWAPPED), accountId: 'other', prediction: first });
		expect(await check(first)).toEqual(EQUAL);
		expect(knownJob('account', first.id)).toMatchObject(identityOf(CONTENT));
		expect(await check(first, CONTENT, new Proof(http, BASE))).toEqual(EQUAL);
		const second = createCandidate(first.inputs);
		expect(await check(second, SWAPPED)).toEqual(DIFFERENT);
		expect(await check(second)).toEqual(EQUAL);
	});
});
