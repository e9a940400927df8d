/** The three media of an item, from wherever they come, and what arrives at the service. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import {
	copyOf,
	leftVoice,
	mediaFixtures,
	ownMediaFixtures,
	pair,
	rightVoice,
	sha256,
	type TestFile,
} from './support/files';
import { rowsOf, sentDigests } from './support/cases';
import { useEngine } from './support/testbed';
import { byUrl, fromField, fromUrl } from './support/workflow';

const { emulator, engine } = useEngine();

const LONG = 'They talk. '.repeat(200).trim();

const submittedDigests = (submission?: number) => sentDigests(emulator, submission);

function digests(...files: TestFile[]): string[] {
	return files.map(({ content }) => sha256(content));
}

describe.each(['submitAndWait', 'submit'])('%s', (operation) => {
	it('uploads the three binary fields and submits their addresses', async () => {
		const execution = await engine.run({ parameters: { operation } });

		expect(execution.good).toHaveLength(1);
		expect(submittedDigests()).toEqual(digests(pair, leftVoice, rightVoice));
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1, paid: 1 });
	});

	it('fetches URLs, also one in the mode File, and uploads what it got', async () => {
		const { image, leftAudio, rightAudio } = byUrl(emulator, '?sig=1&x=2');

		const execution = await engine.run({
			items: [{ json: { image: image.value } }],
			parameters: {
				operation,
				image: fromUrl('={{ $json.image }}'),
				leftAudio: fromField(leftAudio.value),
				rightAudio: fromUrl(`  ${rightAudio.value}\n`),
			},
		});

		expect(execution.good).toHaveLength(1);
		expect(submittedDigests()).toEqual(digests(pair, leftVoice, rightVoice));
		expect(emulator.requestsTo('web')).toHaveLength(3);
		expect(emulator.requestsTo('web')[0]?.query).toEqual({ sig: '1', x: '2' });
		expect(JSON.stringify(emulator.requestsTo('submit'))).not.toContain('sig=1');
	});
});

describe('the submission', () => {
	it.each<[string, INodeParameters, object]>([
		['the defaults', {}, { order: 'meanwhile', seed: -1 }],
		[
			'all fields',
			{ order: 'left_right', prompt: '  Two friends talk\n', options: { seed: 7 } },
			{ order: 'left_right', prompt: 'Two friends talk', seed: 7 },
		],
		[
			'values by expression',
			{
				order: '={{ $json.order }}',
				prompt: '={{ $json.prompt }}',
				options: { seed: '={{ $json.seed }}' },
			},
			{ order: 'right_left', prompt: 'Hi', seed: 2147483647 },
		],
		['a blank prompt', { prompt: ' \n ' }, { order: 'meanwhile', seed: -1 }],
		['a very long prompt', { prompt: LONG }, { order: 'meanwhile', prompt: LONG, seed: -1 }],
	])('has only the documented keys: %s', async (_name, parameters, rest) => {
		const json = { order: 'right_left', prompt: 'Hi', seed: '2147483647' };

		const execution = await engine.run({ items: rowsOf(json), parameters });

		expect(execution.failure).toBeUndefined();
		expect(execution.hints.includes('Prompt: it has 2,199 characters.')).toBe(
			parameters.prompt === LONG,
		);
		const address = expect.stringContaining(emulator.origins.cdn);
		expect(emulator.requestsTo('submit')[0]?.body).toEqual({
			image: address,
			left_audio: address,
			right_audio: address,
			...rest,
		});
	});

	it('carries the callback address in the query only, whole', async () => {
		const callbackUrl = 'https://example.com/hook?a=1&b=ä #x';
		const sent = 'https://example.com/hook?a=1&b=%C3%A4%20#x';

		await engine.run({ parameters: { operation: 'submit', options: { callbackUrl } } });

		const [submission] = emulator.requestsTo('submit');
		expect(submission?.query).toEqual({ webhook: sent });
		expect(Object.keys(submission?.body as object)).not.toContain('webhook');
		expect(emulator.predictions()[0]?.webhook).toBe(sent);
	});
});

it.each([404, 405])('without tickets (%d) each file goes up in one step', async (status) => {
	const respond = { status, body: { code: status, message: 'Not found' } };
	emulator.faults.add({ on: 'ticket', times: 'always', do: { respond } });
	const odd = copyOf(leftVoice, { name: 'left "voice" ü.wav' });

	const execution = await engine.run({ items: [{ files: { ...mediaFixtures, left_audio: odd } }] });

	expect(execution.good).toHaveLength(1);
	expect(submittedDigests()).toEqual(digests(pair, leftVoice, rightVoice));
	expect(emulator.requestsTo('oneStep')).toHaveLength(3);
	const names = emulator.uploads().map(({ fileName }) => fileName);
	expect(names).toEqual(expect.arrayContaining(['pair.png', 'left _voice_ ü.wav']));
	for (const { headers } of emulator.requestsTo('oneStep')) {
		expect(headers).toHaveProperty('content-length');
	}
});

describe('each file is uploaded once', () => {
	it('equal content under other names and IDs', async () => {
		const items = ['a', 'b', 'c'].map((mark) => ({
			files: { ...ownMediaFixtures(mark), image: copyOf(pair, { name: `${mark}.png` }) },
		}));

		const execution = await engine.run({ items });

		expect(execution.good).toHaveLength(3);
		expect(emulator.requestsTo('put')).toHaveLength(7);
		const pictures = [0, 1, 2].map((submission) => submittedDigests(submission)[0]);
		expect(new Set(pictures)).toEqual(new Set(digests(pair)));
	});

	it('but files that only begin alike are different ones', async () => {
		const end = Buffer.from(leftVoice.content);
		end[end.length - 1]! ^= 1;
		const files = { ...mediaFixtures, right_audio: copyOf(leftVoice, { content: end }) };

		await engine.run({ items: [{ files }] });

		expect(emulator.requestsTo('put')).toHaveLength(3);
		expect(submittedDigests()).toEqual([...digests(pair, leftVoice), sha256(end)]);
	});
});
