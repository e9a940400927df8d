/** Combine Turns and Split Stereo, in n8n's engine. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { file, input, pair, type TestFile } from './support/files';
import type { TestItem } from './support/nodes';
import { useEngine } from './support/testbed';
import { fromField, fromUrl } from './support/workflow';
import { wav } from '../unit/probe/support/build';

const { emulator, engine } = useEngine();

const RATE = 8000;

/** A sound of that length. */
function sound(seconds: number, rate = RATE): TestFile {
	const samples = new Int16Array(Math.round(seconds * rate)).fill(1000);
	const content = wav(Buffer.from(samples.buffer), { rate });
	return file(`line-${seconds}.wav`, 'audio/wav', content);
}

function line(speaker: string, data: TestFile, json: Record<string, string | number | null> = {}) {
	return { json: { speaker, ...json }, files: { data } };
}

const AUDIO: INodeParameters = {
	resource: 'audio',
	operation: 'combineTurns',
	audio: fromField('data'),
	speaker: '={{ $json.speaker }}',
};
/** As a node whose credential nobody chose. */
const node = { credentials: {} };

/** Whether a track sounds at these times, in seconds. */
function soundsAt(track: Buffer, ...times: number[]): boolean[] {
	return times.map((seconds) => track.readInt16LE(44 + seconds * RATE * 2) !== 0);
}

const items = [
	line('left', sound(2), { text: 'Hello', pause: null }),
	line('Right', sound(1), { text: 'Hi', pause: '-0.5' }),
	line(' LEFT ', sound(1.5), { pause: 1 }),
	line('right', sound(1)),
];
const options = {
	pauseBeforeSeconds: '={{ $json.pause }}',
	silenceAtStartSeconds: 0.5,
	silenceAtEndSeconds: '2',
	fileNames: 'episode/12.mp3',
};
const parameters = { ...AUDIO, options };

describe('Combine Turns', () => {
	it.each([
		['filesystem', { pauseSeconds: '0.25' }, 0.25],
		['memory', {}, 0.3],
	] as const)(
		'makes one item of all turns, with two tracks, without a credential or a request (%s, %j)',
		async (binaryData, more, pause) => {
			const given = { ...parameters, options: { ...options, ...more } };
			const execution = await engine.run({ items, parameters: given, node, binaryData });

			expect(execution.failure).toBeUndefined();
			const [item, ...others] = execution.good;
			expect(others).toEqual([]);
			expect(item?.pairedItem).toEqual([0, 1, 2, 3].map((turn) => ({ item: turn })));
			expect(item?.json).toEqual({
				duration_s: 8.5 + pause,
				turns: [
					{ speaker: 'left', start_s: 0.5, end_s: 2.5, text: 'Hello' },
					{ speaker: 'right', start_s: 2, end_s: 3, text: 'Hi' },
					{ speaker: 'left', start_s: 4, end_s: 5.5 },
					{ speaker: 'right', start_s: 5.5 + pause, end_s: 6.5 + pause },
				],
			});
			const left = await execution.fileIn(item, 'left_audio');
			const right = await execution.fileIn(item, 'right_audio');
			expect(soundsAt(left, 0.25, 1, 2.75, 5, 6)).toEqual([false, true, false, true, false]);
			expect(soundsAt(right, 0.25, 1, 2.75, 5, 6)).toEqual([false, false, true, false, true]);
			const bytes = 44 + (8.5 + pause) * RATE * 2;
			expect([left.length, right.length]).toEqual([bytes, bytes]);
			expect(item?.binary).toMatchObject({
				left_audio: { fileName: 'episode_12-left.wav', mimeType: 'audio/wav' },
				right_audio: { fileName: 'episode_12-right.wav', mimeType: 'audio/wav' },
			});
			expect(emulator.requests).toEqual([]);
			expect(execution.hints).toBe('');
		},
	);

	it('says that no video is so long', async () => {
		const parameters = { ...AUDIO, options: { silenceAtEndSeconds: 600 } };

		const execution = await engine.run({ items, parameters });

		expect(execution.hints).toContain(
			'lasts 607 s, but a video can last at most 600 s (10 minutes)',
		);
	});

	it('outputs what Submit and Wait takes, with both voices at the same time only', async () => {
		const made = await engine.run({ items, parameters });
		const tracks = {
			image: pair,
			left_audio: file('l.wav', 'audio/wav', await made.fileIn(made.good[0], 'left_audio')),
			right_audio: file('r.wav', 'audio/wav', await made.fileIn(made.good[0], 'right_audio')),
		};

		const { json } = made.good[0]!;
		const conversation = [{ json: json as never, files: tracks }];
		const wrong = await engine.run({ items: conversation, parameters: { order: 'left_right' } });
		expect(wrong.error.message).toContain('Speaking Order: these voices come from Combine Turns');
		expect(emulator.requests).toEqual([]);

		const video = await engine.run({
			items: conversation,
			parameters: { order: 'meanwhile' },
		});

		expect(video.good[0]?.json).toMatchObject({ duration_s: 8.8 });
		expect(video.hints).not.toMatch(/at the same time|lasts/);
	});

	it.each<[string, TestItem, RegExp]>([
		[
			'another rate',
			line('right', sound(1, 16_000)),
			/Audio: the file "line-1.wav" is WAV at 16,000 Hz, but turn 1 is WAV at 8,000 Hz \[item 2\] .*the same format and sample rate/,
		],
		[
			'another format',
			line('right', input('mp42_sound_fast.m4a', 'audio/mp4')),
			/is neither WAV nor MP3 \[item 2\] .*response_format=mp3 or wav for OpenAI/,
		],
		['a picture', line('right', pair), /Audio: the file "pair.png" is a PNG.* MP3/],
		['no file', { json: { speaker: 'left' } }, /Audio: /],
		['silence', line('right', sound(0)), /contains no sound \[item 2\] .*Check the node/],
	])('refuses %s as a turn', async (_what, second, says) => {
		const turns = [line('left', sound(1)), second];

		const execution = await engine.run({ items: turns, parameters: AUDIO });

		expect(execution.failure).toMatch(says);
	});

	it.each<[INodeParameters, RegExp]>([
		[
			{ options: { pauseSeconds: 'long' } },
			/Pause Between Turns \(Seconds\): "long" is not a number from -600 to 600.* without a unit/,
		],
		[
			{ options: { silenceAtStartSeconds: -1 } },
			/Silence at Start \(Seconds\): -1 is not a number from 0 to 600/,
		],
		[{ audio: fromUrl('http://192.168.0.10/line.mp3') }, /Audio: .* private network/],
	])('refuses %j', async (more, says) => {
		const execution = await engine.run({ items, parameters: { ...AUDIO, ...more } });

		expect(execution.failure).toMatch(says);
	});

	it('ends when the user stops it', async () => {
		const long = Array.from({ length: 40 }, () => line('left', sound(60)));

		const running = await engine.start({ items: long, parameters: AUDIO });
		running.cancel();
		const execution = await running.done;

		expect(execution.run.status).toBe('canceled');
		expect(execution.good).toEqual([]);
	});

	it('puts only the turns that failed out by the error branch', async () => {
		const turns = [items[0]!, line('Anna', sound(1)), items[2]!];
		const node = { onError: 'continueErrorOutput' } as const;

		const execution = await engine.run({ items: turns, parameters: AUDIO, node });

		expect(execution.good).toEqual([]);
		expect(execution.bad.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(execution.errors[0]?.message).toContain('Speaker: "Anna"');
	});
});

describe('Split Stereo', () => {
	const parameters = { ...AUDIO, operation: 'splitStereo', speaker: undefined } as never;
	const stereo = (bits: number, channels = 2) => {
		const bytes = bits / 8;
		const content = Buffer.alloc(1001 * bytes * channels);
		for (let at = 0; at < content.length; at++) content[at] = Math.floor(at / bytes) % channels;
		return file('call.wav', 'audio/wav', wav(content, { bits, channels, rate: RATE }));
	};

	it.each([8, 16, 24, 32])('makes a file of each channel, with its %d bits', async (bits) => {
		const item = { files: { data: stereo(bits) } };

		const execution = await engine.run({ items: [item, item], parameters, node });

		expect(execution.failure).toBeUndefined();
		expect(execution.good).toHaveLength(2);
		expect(execution.good[1]).toMatchObject({
			json: { duration_s: 0.125 },
			pairedItem: { item: 1 },
		});
		for (const [channel, name] of ['left_audio', 'right_audio'].entries()) {
			const channelOnly = Buffer.alloc((1001 * bits) / 8, channel);
			const expected = wav(channelOnly, { bits, channels: 1, rate: RATE });
			expect(await execution.fileIn(execution.good[0], name)).toEqual(expected);
		}
		expect(execution.hints).toBe('');
	});

	it.each([
		['mono', stereo(16, 1), 'is mono, not stereo'],
		['six channels', stereo(16, 6), 'has 6 channels, not stereo'],
		['a picture', pair, 'is a PNG'],
		[
			'compressed sound',
			file('x.wav', 'audio/wav', wav(Buffer.alloc(400), { tag: 0x11, channels: 2 })),
			'compressed',
		],
	])('refuses %s', async (_name, data, message) => {
		const execution = await engine.run({ items: [{ files: { data } }], parameters });

		expect(execution.error.message).toContain(message);
	});
});
