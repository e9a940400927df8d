/** A job of the history is used again only when it is proved to be made of the same files. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import {
	derivedSeed,
	inputsDigestOf,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/inputsDigest';
import type { HostedFile } from '../../emulator/routes/web';
import { READY, WITHOUT_SEED } from '../support/cases';
import type { RunOptions } from '../support/engine';
import type { Execution } from '../support/execution';
import {
	copyOf,
	leftVoice,
	mediaFixtures,
	ownMediaFixtures,
	pair,
	rightVoice,
	sha256,
	type TestFile,
} from '../support/files';
import { CREDENTIAL_TYPE } from '../../testbed/video-node';
import { useEngine } from '../support/testbed';

/** Another key of the same account: this process knows nothing of what was done with the first one. */
const SECOND = { id: 'wavespeed-2', name: 'Second key' };
const SECOND_KEY = 'wsk_second_key';

const { emulator, engine } = useEngine({
	otherKeys: { [SECOND.id]: SECOND_KEY },
	emulator: { keys: { [SECOND_KEY]: { account: 'main' } } },
});

const withSecondKey = { node: { credentials: { [CREDENTIAL_TYPE]: SECOND } } };

function planned(files = mediaFixtures): RunOptions {
	return { items: [{ files }], parameters: WITHOUT_SEED };
}

/** What the node sends for the usual voices and a picture. */
function seedFor(image: string): number {
	const [leftAudio, rightAudio] = [sha256(leftVoice.content), sha256(rightVoice.content)];
	const media = { image, leftAudio, rightAudio };
	const model = MODELS.infinitetalkFast;
	return derivedSeed(inputsDigestOf({ model, media, order: 'meanwhile', prompt: '' }));
}

const SEED = seedFor(sha256(pair.content));

let hosted = 0;

/** A job that somebody else made with our seed, of files at addresses that this process has never seen. */
async function addJob(files: Record<string, HostedFile | string>): Promise<string> {
	const addressOf = (key: string, file: HostedFile | string) =>
		typeof file === 'string'
			? new URL(file, emulator.origins.cdn).href
			: emulator.host(`${++hosted}/${key}`, file);
	const inputs = Object.entries(files).map(([key, file]) => [key, addressOf(key, file)]);
	return await emulator.addJob({
		inputs: { ...Object.fromEntries(inputs), order: 'meanwhile', seed: SEED },
	});
}

async function run(options: RunOptions): Promise<Execution> {
	const execution = await engine.run(options);
	expect(execution.failure).toBeUndefined();
	return execution;
}

beforeEach(() => emulator.scriptJob(READY));

describe('among jobs of the same seed, the newest first', () => {
	function* endless() {
		for (;;) yield Buffer.alloc(64 * 1024);
	}
	const content = () => Readable.from(endless(), { objectMode: false });
	const { left_audio, right_audio } = mediaFixtures;
	const longer = copyOf(leftVoice, {
		content: Buffer.concat([leftVoice.content, Buffer.alloc(2)]),
	});
	const others: Array<Record<string, HostedFile | string>> = [
		{ image: ownMediaFixtures('x').image },
		{ left_audio: right_audio, right_audio: left_audio },
		{ left_audio: longer },
		{ right_audio: { content } },
		{ image: '/media/gone.png' },
		{ image: 'http://10.0.0.1/a.png' },
	];

	async function addOthers(): Promise<void> {
		for (const change of others) await addJob({ ...mediaFixtures, ...change });
	}

	it('those with other files are not used, and hints name those that cannot be read', async () => {
		await addOthers();

		const execution = await run(planned());

		expect(execution.good[0]?.json).toMatchObject({ reused: false });
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
		const hints = execution.hints.match(/was not reused: its image .*/g);
		expect(hints).toEqual([/is not https/, /HTTP 404/].map((why) => expect.stringMatching(why)));
	});

	it('they leave the right one, which is used without a hint', async () => {
		const right = await addJob(mediaFixtures);
		await addOthers();

		const execution = await run(planned());

		expect(execution.good[0]?.json).toMatchObject({ id: right, reused: true });
		expect(execution.hints).not.toContain('was not reused');
		expect(emulator.billing()).toMatchObject({ submitted: 0 });
		// Neither the key, nor a request into the private network.
		const read = emulator.requestsTo('web');
		expect(read.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
	});
});

describe('two pictures whose derived seeds are equal', () => {
	/** By trying: of some 50,000 files, two have the same 31 bits. */
	function findTwins(): [TestFile, TestFile] {
		const begin = createHash('sha256').update(pair.content);
		const seen = new Map<number, number>();
		for (let count = 0; ; count++) {
			const seed = seedFor(begin.copy().update(`#${count}`).digest('hex'));
			const other = seen.get(seed);
			if (other !== undefined) return [withEnd(other), withEnd(count)];
			seen.set(seed, count);
		}
	}

	function withEnd(count: number): TestFile {
		const content = Buffer.concat([pair.content, Buffer.from(`#${count}`)]);
		return copyOf(pair, { content, name: `pair-${count}.png` });
	}

	const [first, second] = findTwins().map((image) => ({ ...mediaFixtures, image }));

	it.each([
		['in one process', {}],
		['as after a restart', withSecondKey],
	])('get a job each, and each its own again, %s', async (_when, credential) => {
		const one = await run(planned(first));
		const other = await run({ ...planned(second), ...credential });
		const again = await run({ ...planned(first), ...credential });
		const otherAgain = await run(planned(second));

		const [jobOfOne, jobOfOther] = emulator.predictions();
		expect(jobOfOne?.body.seed).toBe(jobOfOther?.body.seed);
		expect([one, other, again, otherAgain].map(({ good }) => good[0]?.json)).toMatchObject([
			{ id: jobOfOne?.id, reused: false },
			{ id: jobOfOther?.id, reused: false },
			{ id: jobOfOne?.id, reused: true },
			{ id: jobOfOther?.id, reused: true },
		]);
		expect(emulator.billing()).toMatchObject({ submitted: 2 });
	});
});
