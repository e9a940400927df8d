/** A job is ours when its three files are, and never by its seed alone. */
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import type { JobIdentity } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import { knownJob, rememberJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobMemory';
import type { FileDigest, InputFiles } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/proof';
import { Proof } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/proof';
import { BASE, createPrediction, createReset } from '../support/api';
import { fresh } from '../support/fresh';
import type { StreamReply } from '../support/http';
import { ScriptedHttp, createStream } from '../support/http';

const http = fresh(() => new ScriptedHttp());
const proof = fresh(() => new Proof(http, BASE));

const CONTENT = { image: 'picture', left_audio: 'voice 1', right_audio: 'voice 2' };
type Key = keyof typeof CONTENT;
const KEYS = Object.keys(CONTENT) as Key[];

let jobs = 0;

/** Addresses and IDs of their own in each call, as the process remembers them. */
function createCandidate(inputs: Record<string, unknown> = {}) {
	const id = `candidate-${++jobs}`;
	const own = Object.fromEntries(KEYS.map((key) => [key, addressOf(id, key)]));
	return createPrediction({ id, inputs: { ...own, ...inputs } });
}

const addressOf = (id: string, key: Key) => `https://cdn.example/${id}/${key}`;

function digest(content: string): FileDigest {
	const sha256 = createHash('sha256').update(content).digest('hex');
	return { sha256, size: Buffer.byteLength(content) };
}

function filesOf(content: Record<Key, string>): InputFiles {
	return Object.fromEntries(KEYS.map((key) => [key, digest(content[key])])) as InputFiles;
}

function identityOf(content: Record<Key, string>): JobIdentity {
	return { accountId: 'account', inputsDigest: digest(JSON.stringify(content)).sha256, seed: 7 };
}

async function check(job: Prediction, content = CONTENT, by = proof) {
	return await by.check(job, identityOf(content), filesOf(content));
}

type Replies = Partial<Record<Key, StreamReply | Error>>;

function serve(id: string, content: Partial<typeof CONTENT>, replies: Replies = {}): void {
	for (const key of KEYS) {
		const text = content[key];
		const reply = replies[key] ?? (text === undefined ? undefined : createStream(text));
		if (reply) http.on('GET', addressOf(id, key), reply);
	}
}

function withLength(content: string | Buffer): StreamReply {
	const stream = createStream(content);
	return { ...stream, headers: { 'content-length': String(Buffer.byteLength(content)) } };
}

it('a job of three files like ours is equal, read without the key and with limits', async () => {
	const job = createCandidate();
	serve(job.id, CONTENT);
	expect(await check(job)).toEqual({ is: 'equal' });
	for (const request of http.requests) {
		expect(request).toMatchObject({ authenticated: false, idleTimeoutMs: 10_000 });
		expect(request.timeoutMs).toBeGreaterThanOrEqual(15_000);
	}
	expect(http.requests).toHaveLength(3);
});

it('an input may take longer the larger it is', async () => {
	const job = createCandidate();
	const files = filesOf(CONTENT);
	files.image!.size = 200 * 1024 * 1024;
	serve(job.id, CONTENT);
	await proof.check(job, identityOf(CONTENT), files);
	expect(http.to('GET', addressOf(job.id, 'image'))[0]!.timeoutMs).toBe(15_000 + 819_200);
});

describe('a job is different', () => {
	it.each<[string, Partial<typeof CONTENT>]>([
		['with another picture', { image: 'Picture' }],
		['with swapped voices', { left_audio: 'voice 2', right_audio: 'voice 1' }],
		['with a longer voice', { left_audio: 'voice 1 and more' }],
		['with a shorter voice', { right_audio: 'voice' }],
		['with an empty voice', { right_audio: '' }],
	])('%s', async (_what, change) => {
		const job = createCandidate();
		serve(job.id, { ...CONTENT, ...change });
		expect(await check(job)).toEqual({ is: 'different' });
	});

	it('by the length in a response alone, and nothing is read then', async () => {
		const job = createCandidate();
		const reply = withLength('another picture');
		const others = { left_audio: withLength('voice 1'), right_audio: withLength('voice 2') };
		serve(job.id, {}, { image: reply, ...others });
		expect(await check(job)).toEqual({ is: 'different' });
		for (const { stream } of [reply, others.left_audio, others.right_audio]) {
			expect(stream.destroyed).toBe(true);
			expect(stream.readableDidRead).toBe(false);
		}
	});

	it('when an input does not end, of which no more is read than ours has', async () => {
		let read = 0;
		const stream = Readable.from(
			(function* () {
				for (;;) yield Buffer.alloc(++read && 4);
			})(),
		);
		const job = createCandidate();
		serve(job.id, CONTENT, { left_audio: { status: 200, stream } });
		expect(await check(job)).toEqual({ is: 'different' });
		expect(stream.destroyed).toBe(true);
		expect(read).toBeLessThan(30);
	});

	it('by one input, although another cannot be read', async () => {
		const job = createCandidate();
		serve(
			job.id,
			{
				...CONTENT,
				image: 'Picture',
			},
			{ left_audio: breaking() },
		);
		expect(await check(job)).toEqual({ is: 'different' });
	});
});

function breaking(): StreamReply {
	const stream = new Readable({ read: () => stream.destroy(new Error('broken')) });
	return { status: 200, stream };
}

describe('a job is not provable', () => {
	it.each<[string, StreamReply | Error, string]>([
		['403', createStream('', 403), 'cannot be read (cdn.example returned HTTP 403)'],
		['404', createStream('', 404), 'cannot be read (cdn.example returned HTTP 404)'],
		['no response', createReset(), 'cannot be read (the connection was lost)'],
		['half a file', breaking(), 'cannot be read to the end'],
		[
			'a redirect into a private network',
			createStream('', 302, { location: 'http://169.254.169.254/meta' }),
			'has a URL that is not https',
		],
		[
			'a redirect to a private host',
			createStream('', 307, { location: 'https://10.0.0.1/a' }),
			'has a URL that points to a private network (10.0.0.1)',
		],
	])('when an input answers with %s', async (_what, reply, reason) => {
		const job = createCandidate();
		serve(job.id, CONTENT, { left_audio: reply });
		expect(await check(job)).toEqual({
			is: 'notProvable',
			reason: `its left audio ${reason}`,
		});
	});

	it.each([
		['https://192.168.1.7/a.png', 'has a URL that points to a private network (192.168.1.7)'],
		['http://cdn.example/a.png', 'has a URL that is not https'],
		['file:///etc/passwd', 'has a URL that is not https'],
		['', 'has a URL that is not https'],
		[undefined, 'is not shown'],
		[{ url: 'https://cdn.example/a' }, 'is not shown'],
	])('when its picture is at %j, which is not asked', async (image, reason) => {
		const job = createCandidate({ image });
		serve(job.id, { left_audio: CONTENT.left_audio, right_audio: CONTENT.right_audio });
		const verdict = await check(job);
		expect(verdict).toEqual({ is: 'notProvable', reason: `its image ${reason}` });
	});

	it('without inputs', async () => {
		const job = createPrediction({ id: `bare-${++jobs}` });
		expect(await check(job)).toMatchObject({ is: 'notProvable' });
	});

	it('and is not tried again in the same run, but in the next one', async () => {
		const job = createCandidate();
		serve(job.id, CONTENT, { image: createReset() });
		const unclear = { is: 'notProvable' };
		expect(await check(job)).toMatchObject(unclear);
		expect(await check(job)).toMatchObject(unclear);
		serve(job.id, {
			image: CONTENT.image,
			left_audio: CONTENT.left_audio,
			right_audio: CONTENT.right_audio,
		});
		expect(await check(job, CONTENT, new Proof(http, BASE))).toEqual({ is: 'equal' });
	});
});

it('redirects are followed', async () => {
	const job = createCandidate();
	const moved = createStream('', 302, { location: '/elsewhere' });
	serve(job.id, CONTENT, { image: moved });
	http.on('GET', 'https://cdn.example/elsewhere', createStream(CONTENT.image));
	expect(await check(job)).toEqual({ is: 'equal' });
});

describe('this process remembers', () => {
	const swapped = { ...CONTENT, left_audio: CONTENT.right_audio, right_audio: CONTENT.left_audio };

	it('what its own jobs are made of, and reads nothing', async () => {
		const job = createCandidate();
		rememberJob({ ...identityOf(CONTENT), prediction: job, executionId: '12' });
		expect(await check(job)).toEqual({ is: 'equal' });
		expect(await check(job, swapped)).toEqual({ is: 'different' });
		expect(knownJob('account', job.id)?.executionId).toBe('12');
	});

	it('nothing of a job with the same ID of another account', async () => {
		const job = createCandidate();
		rememberJob({ ...identityOf(CONTENT), accountId: 'other', prediction: job });
		serve(job.id, { ...CONTENT, image: 'Picture' });
		expect(await check(job)).toEqual({ is: 'different' });
	});

	it('jobs that it has compared', async () => {
		const job = createCandidate();
		serve(job.id, CONTENT);
		await check(job);
		expect(await check(job, CONTENT, new Proof(http, BASE))).toEqual({ is: 'equal' });
	});

	it('what is at an address, also for another job', async () => {
		const first = createCandidate();
		serve(first.id, CONTENT);
		await check(first);
		const second = createCandidate(first.inputs);
		expect(await check(second, swapped)).toEqual({ is: 'different' });
		expect(await check(second)).toEqual({ is: 'equal' });
	});
});
