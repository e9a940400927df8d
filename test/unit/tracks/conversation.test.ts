/** Whole conversations: files of real encoders, joined, and decoded by a real decoder. */
import { describe, expect, it } from '@jest/globals';
import {
	combineTurns,
	findMismatch,
	type SpokenTurn,
} from '../../../nodes/WaveSpeedInfiniteTalk/tracks/conversation';
import { soundSeconds } from '../../../nodes/WaveSpeedInfiniteTalk/tracks/sound';
import { readFrames } from '../../../nodes/WaveSpeedInfiniteTalk/tracks/mp3Frames';
import type { Speaker } from '../../../nodes/WaveSpeedInfiniteTalk/tracks/schedule';
import {
	contentOf,
	decode,
	type Encoder,
	heard,
	measured,
	tone,
	type TurnFile,
} from './support/sounds';

/** @param options of ffmpeg, one channel unless they say otherwise */
const mp3 = (rate: number, options: string): Encoder => {
	const args = ['-c:a', 'libmp3lame', '-ac', '1', ...options.split(' ')];
	return { type: 'audio/mpeg', rate, args };
};
const wav = (rate: number, codec: string, channels = 1): Encoder => {
	return { type: 'audio/wav', rate, args: ['-c:a', codec, '-ac', String(channels)] };
};

const MP3_128 = mp3(44_100, '-b:a 128k');
const TAGGED = mp3(44_100, '-b:a 128k -metadata title=Hello -write_id3v1 1');
const WAV_16 = wav(24_000, 'pcm_s16le');
const ENCODERS: ReadonlyArray<readonly [string, Encoder]> = [
	['MP3 44.1 kHz, 128 kbit/s', MP3_128],
	['MP3 24 kHz, 64 kbit/s', mp3(24_000, '-b:a 64k')],
	['MP3 22.05 kHz, 32 kbit/s', mp3(22_050, '-b:a 32k')],
	['MP3 48 kHz, 192 kbit/s, stereo', mp3(48_000, '-b:a 192k -ac 2')],
	['MP3 44.1 kHz, variable, joint stereo', mp3(44_100, '-q:a 4 -ac 2')],
	['MP3 24 kHz, variable', mp3(24_000, '-q:a 2')],
	['MP3 32 kHz without an Info frame', mp3(32_000, '-b:a 64k -write_xing 0')],
	['MP3 16 kHz, average', mp3(16_000, '-abr 1 -b:a 40k')],
	['MP3 11.025 kHz', mp3(11_025, '-b:a 32k')],
	['MP3 44.1 kHz with tags', TAGGED],
	['WAV 8 bit', wav(22_050, 'pcm_u8')],
	['WAV 16 bit', WAV_16],
	['WAV 16 bit, stereo', wav(44_100, 'pcm_s16le', 2)],
	['WAV 24 bit', wav(48_000, 'pcm_s24le')],
	['WAV 32 bit', wav(44_100, 'pcm_s32le')],
	['WAV float, stereo', wav(24_000, 'pcm_f32le', 2)],
	['WAV double', wav(24_000, 'pcm_f64le')],
	['WAV A-law', wav(8_000, 'pcm_alaw')],
	['WAV mu-law', wav(8_000, 'pcm_mulaw')],
];

const SPEAKERS: readonly Speaker[] = ['left', 'right'];

type Line = [speaker: Speaker, file: TurnFile, pauseS?: number];

function toTurns(lines: readonly Line[]): SpokenTurn[] {
	return lines.map(([speaker, { sound, open }, pauseS = 0.3], at) => {
		return { speaker, sound, open, pauseS: at === 0 ? 0 : pauseS };
	});
}

async function speak(seconds: number, encoder: Encoder, hertz = 440, chunkBytes = 4096) {
	return await measured(tone(seconds, hertz, encoder), encoder.type, chunkBytes);
}

/** The conversation, and what a decoder makes of its tracks. */
async function combine(lines: readonly Line[], startS = 0, endS = 0) {
	const { schedule, tracks } = combineTurns(toTurns(lines), { startS, endS });
	const rate = lines[0]![1].sound.sampleRate;
	const decoded = async (speaker: Speaker) => {
		const content = await contentOf(tracks[speaker]);
		expect(content).toHaveLength(tracks[speaker].size);
		return { content, ...decode(content, rate) };
	};
	return { schedule, rate, left: await decoded('left'), right: await decoded('right') };
}

/** Each turn is heard at its time and nothing else is, the decoder is content, the length is true. */
function expectRight(
	lines: readonly Line[],
	{ schedule, rate, ...tracks }: Awaited<ReturnType<typeof combine>>,
): void {
	// Encoders smear a sudden tone over the frames around it; a frame of WAV is a sample.
	const smear = (2 * lines[0]![1].sound.unitSamples) / rate;
	for (const speaker of SPEAKERS) {
		const { samples, warnings, headerSeconds } = tracks[speaker];
		expect(warnings).toBe('');
		expect(samples.length / rate).toBeCloseTo(schedule.seconds, 3);
		expect(Math.abs(headerSeconds - schedule.seconds)).toBeLessThan(0.011);
		// No louder than it was spoken, also where channels were mixed.
		expect(samples.every((sample) => Math.abs(sample) < 20_000)).toBe(true);
		const own = schedule.turns.filter((_turn, at) => lines[at]![0] === speaker);
		const loud = heard(samples, rate, 1000);
		expect(loud).toHaveLength(own.length);
		const quiet = heard(samples, rate, 32);
		for (const [at, { startS, endS }] of own.entries()) {
			const [from, to] = loud[at]!;
			expect(Math.abs(from - startS)).toBeLessThan(0.03);
			expect(Math.abs(to - endS)).toBeLessThan(0.03);
			expect(quiet[at]![0]).toBeGreaterThan(startS - smear - 0.001);
			expect(quiet[at]![1]).toBeLessThan(endS + smear + 0.001);
		}
	}
}

describe.each(ENCODERS)('%s', (_name, encoder) => {
	it('is heard where the schedule says, and nothing else is', async () => {
		const one = await speak(1.5, encoder);
		const two = await speak(0.7, encoder, 880, 1000);
		const lines: Line[] = [
			['left', one],
			['right', two],
			['left', two],
			['left', one, 0.5],
			['right', one, -0.4],
		];

		const conversation = await combine(lines, 0.5, 1);

		expectRight(lines, conversation);
		const frame = one.sound.unitSamples / encoder.rate;
		const [long, short] = [soundSeconds(one.sound), soundSeconds(two.sound)];
		// Only a file that does not say what its encoder filled up is a little longer than its tone.
		expect(Math.abs(long - 1.5)).toBeLessThan(frame + 0.005);
		const third = 1.1 + long + short;
		const planned = [0.5, 0.8 + long, third, third + short + 0.5, third + short + long + 0.1];
		for (const [at, { startS }] of conversation.schedule.turns.entries()) {
			expect(Math.abs(startS - planned[at]!)).toBeLessThanOrEqual(frame / 2 + 1e-6);
		}
		expect(Math.abs(conversation.schedule.seconds - planned[4]! - long - 1)).toBeLessThan(
			frame + 1e-6,
		);
	});
});

it.each([
	['MP3', mp3(24_000, '-b:a 64k')],
	['WAV', wav(8000, 'pcm_s16le')],
])('%s: after 200 turns the time is as exact as after one', async (_name, encoder) => {
	const file = await speak(0.31, encoder);
	const lines = Array.from({ length: 200 }, (_, at): Line => [SPEAKERS[at % 2]!, file, 0.217]);

	const conversation = await combine(lines, 0.1);

	expectRight(lines, conversation);
	const { startS } = conversation.schedule.turns[199]!;
	expect(Math.abs(startS - (0.1 + 199 * (0.31 + 0.217)))).toBeLessThan(0.013);
});

it('one frame counts the others; tags and the frames of the turns that did so are gone', async () => {
	const tagged = tone(1, 440, TAGGED);
	expect(tagged.toString('latin1')).toMatch(/ID3[^]*Info[^]*TAG/);
	const file = await measured(Buffer.concat([tagged, tagged]), 'audio/mpeg');

	const { left, right, schedule } = await combine([
		['left', file],
		['left', file],
	]);

	for (const { content } of [left, right]) {
		const text = content.toString('latin1');
		expect(text.match(/ID3|TAG|Xing|Info|VBRI/g)).toEqual(['Info']);
		expect(text.indexOf('Info')).toBe(21);
		expect(content.readUInt32BE(29)).toBe(schedule.units);
		expect(content.readUInt32BE(33)).toBe(content.length);
		const table = [...content.subarray(37, 137)];
		expect(table).toEqual([...table].sort((a, b) => a - b));
		expect(Math.abs(table[50]! - 128)).toBeLessThan(8);
	}
});

it('where bit rates differ, the frame is called Xing and the seek table follows the bytes', async () => {
	const file = await speak(3, mp3(44_100, '-q:a 2'));

	const { left, right, schedule } = await combine([['left', file]], 3);

	expect(left.content.toString('latin1', 21, 25)).toBe('Xing');
	// The first half is silence, which needs few bytes.
	expect(left.content[37 + 45]!).toBeLessThan(115);
	// One who never speaks is silent from end to end.
	expect(right.samples.every((sample) => sample === 0)).toBe(true);
	expect(right.samples.length / 44_100).toBeCloseTo(schedule.seconds, 3);
});

it('a file that begins in the middle of another is joined without a warning', async () => {
	const whole = tone(2, 440, MP3_128);
	// The first frame then needs bytes of frames that are gone.
	const file = await measured(whole.subarray(Math.round(whole.length / 2)), 'audio/mpeg');
	const lines: Line[] = [
		['left', file],
		['left', file],
	];

	const { left } = await combine(lines, 0.5, 0.5);

	expect(left.warnings).toBe('');
	expect(heard(left.samples, 44_100, 32)).toHaveLength(2);
	// No click: the loudest sample is one of the tone.
	expect(left.samples.every((sample) => Math.abs(sample) < 18_000)).toBe(true);
});

it('frames whose sound begins before the file are silent, and keep their bytes for the next ones', async () => {
	const whole = tone(2, 440, MP3_128);
	// Header and side information of mono frames; the first nine bits are how far back their sound begins.
	const farBack = (frame: Buffer) => (frame[4]! << 1) | (frame[5]! >> 7);
	const framesOf = async (content: Buffer) => {
		const frames: Buffer[] = [];
		for await (const batch of readFrames(async () => await Promise.resolve([content]))) {
			frames.push(...batch);
		}
		return frames;
	};
	const all = await framesOf(whole);
	const from = all.findIndex((frame, at) => at > 0 && farBack(frame) > 100);
	expect(from).toBeGreaterThan(0);

	const cut = await framesOf(Buffer.concat(all.slice(from)));

	expect(cut).toHaveLength(all.length - from);
	expect(cut[0]!.subarray(4, 21)).toEqual(Buffer.alloc(17));
	expect(cut[0]!.subarray(21)).toEqual(all[from]!.subarray(21));
	expect(cut.at(-1)).toEqual(all.at(-1));
	let available = 0;
	for (const frame of cut) {
		expect(farBack(frame)).toBeLessThanOrEqual(available);
		available += frame.length - 21;
	}
});

it.each([MP3_128, WAV_16])(
	'a file that changes between the two readings ends the track',
	async (encoder) => {
		const file = await speak(1, encoder);
		const open = async () => await Promise.resolve([file.content.subarray(0, 500)]);

		await expect(combine([['left', { ...file, open }]])).rejects.toThrow(RangeError);
	},
);

it('turns of one format and rate fit together, and no others', async () => {
	const mono = await speak(0.3, MP3_128);
	const variable = await speak(0.3, mp3(44_100, '-q:a 5'));
	const stereo = await speak(0.3, mp3(44_100, '-b:a 128k -ac 2'));
	const other = await speak(0.3, WAV_16);
	const mismatchOf = (...lines: Line[]) => findMismatch(toTurns(lines), lines.length - 1)?.message;

	expect(mismatchOf(['left', mono], ['left', variable])).toBeUndefined();
	expect(mismatchOf(['left', mono], ['right', stereo])).toBeUndefined();
	expect(mismatchOf(['left', mono], ['right', other])).toBe(
		'is WAV at 24,000 Hz, but turn 1 is MP3 at 44,100 Hz, mono',
	);
	expect(mismatchOf(['left', mono], ['right', mono], ['right', stereo])).toBe(
		'is MP3 at 44,100 Hz, stereo, but turn 2 is MP3 at 44,100 Hz, mono',
	);
});
