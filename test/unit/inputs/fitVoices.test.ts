/** Files of silence and padding, and what the voices of a job last. */
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'crypto';
import { silentWav } from '../../../nodes/WaveSpeedInfiniteTalk/tracks/silence';
import { Contents } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/contents';
import { fitVoices } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fitVoices';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type {
	CheckedRequest,
	FileMedia,
	FittedRequest,
	Silence,
} from '../../../nodes/WaveSpeedInfiniteTalk/inputs/request';
import { mp3, wav } from '../probe/support/build';
import { problemOf } from '../support/failures';
import { createFile, createFitted, createMedia, type TestFile } from '../support/job';

const SILENCE: Silence = { silence: true };

function voice(content: Buffer): { file: TestFile; type: string } {
	return { file: createFile(content, { name: 'voice.wav' }), type: 'audio/wav' };
}

/** 16 kHz, mono, 16 bit. */
function sound(seconds: number): Buffer {
	return Buffer.concat([...silentWav(seconds)]).fill(1, 44);
}

async function fit(
	leftAudio: FileMedia | Silence,
	rightAudio: FileMedia | Silence,
	more: Partial<CheckedRequest> = {},
): Promise<FittedRequest> {
	const { image } = createMedia();
	const request = { ...createFitted(), ...more, media: { image, leftAudio, rightAudio } };
	return await fitVoices(request, new Contents());
}

async function read(media: FileMedia): Promise<{ chunks: Buffer[]; size: number }> {
	const content = await media.file.open();
	const chunks: Buffer[] = [];
	for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
		chunks.push(chunk as Buffer);
	}
	return { chunks, size: media.file.size };
}

describe('silence', () => {
	it('is made piece by piece, as long as the other voice in hundredths', async () => {
		const { media, durationS } = await fit(voice(sound(31.2304)), SILENCE);
		const { chunks, size } = await read(media.rightAudio);
		const bytes = Buffer.concat(chunks);
		expect(bytes).toEqual(Buffer.concat([...silentWav(31.24)]));
		expect(size).toBe(bytes.length);
		expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(64 * 1024);
		expect(durationS).toBe(31.24);
	});

	it.each(['left_right', 'right_left'] as const)('lasts a second in turns (%s)', async (order) => {
		const fitted = await fit(SILENCE, voice(sound(4)), { order, evenOutLengths: true });
		expect((await read(fitted.media.leftAudio)).size).toBe(sound(1).length);
		expect(fitted).toMatchObject({ durationS: 5, hints: [] });
	});

	it('is told apart by its length, and has a name and a type', async () => {
		const [{ media }, other] = [
			await fit(voice(sound(4)), SILENCE),
			await fit(voice(sound(5)), SILENCE),
		];
		const { file, type } = media.rightAudio as { file: TestFile; type: string };
		expect([type, file.name, file.declaredType]).toEqual(['audio/wav', 'silence.wav', 'audio/wav']);
		expect(file.identity).toMatch(/^[0-9a-f]{64}$/);
		expect(other.media.rightAudio).not.toMatchObject({ file: { identity: file.identity } });
		expect(await file.head()).toEqual([...silentWav(4)][0]);
	});

	it('is not made for a voice that is too long', async () => {
		const days = wav(Buffer.alloc(16_000), { rate: 1, bits: 8 });
		const refusal = await problemOf(fit(voice(days), SILENCE));
		expect(refusal.message).toMatch(/^Left Audio and Right Audio: the video would last 16000 s,/);
		expect(refusal.advice).toBe('Use shorter voices.');
		expect(refusal.details).toEqual({ step: 'check' });
		const limits = { model: MODELS.longcatAvatar15 };
		const longcat = await problemOf(fit(voice(sound(65)), SILENCE, limits));
		expect(longcat.advice).toBe('Use shorter voices, or choose another Model in the options.');
	});

	it('is not made beside a file that does not tell its length', async () => {
		const refusal = await problemOf(fit(voice(Buffer.from('no sound')), SILENCE));
		expect(refusal.message).toContain('Left Audio, whose length its file does not tell');
		expect(refusal.advice).toBe(
			'Give Left Audio as a WAV or MP3 file, or choose in Speaking Order who speaks first.',
		);
	});
});

describe('padding', () => {
	const evenOutLengths = true;

	it.each([
		['the left one', 4, 5],
		['the right one', 5, 4],
	])('makes the shorter voice as long, %s', async (_which, left, right) => {
		const voices = [voice(sound(left)), voice(sound(right))] as const;
		const { media, durationS, hints } = await fit(...voices, { evenOutLengths });
		const [padded, kept] = left < right ? ['leftAudio', 'rightAudio'] : ['rightAudio', 'leftAudio'];
		const { chunks, size } = await read(media[padded as 'leftAudio']);
		const bytes = Buffer.concat(chunks);
		expect([bytes.length, size]).toEqual([sound(5).length, sound(5).length]);
		expect(bytes.subarray(44, sound(4).length).every((byte) => byte === 1)).toBe(true);
		expect(bytes.subarray(sound(4).length).every((byte) => byte === 0)).toBe(true);
		expect((await read(media[kept as 'leftAudio'])).chunks).toEqual([sound(5)]);
		expect([durationS, hints]).toEqual([5, []]);
		const digest = createHash('sha256').update(bytes).digest('hex');
		expect(media[padded as 'leftAudio']).toMatchObject({
			type: 'audio/wav',
			file: { name: 'voice.wav', identity: digest },
		});
	});

	it.each<[string, number, Partial<CheckedRequest>]>([
		['voices that are as good as equal', 4.09, { evenOutLengths }],
		['voices in turns', 5, { evenOutLengths, order: 'left_right' }],
		['voices without the option', 5, {}],
	])('leaves %s', async (_what, right, more) => {
		const { media } = await fit(voice(sound(4)), voice(sound(right)), more);
		expect((await read(media.leftAudio)).chunks).toEqual([sound(4)]);
	});

	it('needs the length of both', async () => {
		const rightAudio = voice(Buffer.from('no sound'));
		expect(await problemOf(fit(voice(sound(4)), rightAudio, { evenOutLengths }))).toMatchObject({
			message: 'Right Audio: its length is not known, so Even Out Lengths cannot work',
			advice: 'Give Right Audio as a WAV or MP3 file, or remove the option Even Out Lengths.',
			details: { step: 'check', input: 'rightAudio' },
		});
	});

	it('is read anew for each upload', async () => {
		const short = voice(sound(4));
		const { media } = await fit(short, voice(sound(5)), { evenOutLengths });
		const opened = short.file.opened;
		expect((await read(media.leftAudio)).chunks.length).toBeGreaterThan(0);
		expect((await read(media.leftAudio)).chunks.length).toBeGreaterThan(0);
		expect(short.file.opened).toBe(opened + 2);
	});

	it('does not make a file larger than what can be uploaded', async () => {
		const dense = wav(Buffer.alloc(1_536_000), { rate: 192_000, bits: 32, channels: 2 });
		const refusal = await problemOf(fit(voice(dense), voice(sound(590)), { evenOutLengths }));
		expect(refusal.message).toBe(
			'Left Audio: with silence up to the length of the other voice it is too large: 864.3 MiB, and at most 200 MiB can be uploaded',
		);
		expect(refusal.advice).toBe(
			'Use a WAV file with fewer bits or channels, or remove the option Even Out Lengths.',
		);
		expect(refusal.details).toMatchObject({ step: 'check', input: 'leftAudio' });
	});

	it.each([
		['an MP3 file', mp3(100), 'only WAV files can be padded'],
		['RF64', wav(Buffer.alloc(64_000), { form: 'RF64' }), 'of the form RF64 cannot be padded'],
	])('of %s is refused', async (_name, content, reason) => {
		const refusal = await problemOf(fit(voice(sound(60)), voice(content), { evenOutLengths }));
		expect(refusal.message).toMatch(
			/^Right Audio: it is shorter than the other voice and cannot be made as long: /,
		);
		expect(refusal.advice).toBe(
			'Give it as a WAV file of 16 bit, or remove the option Even Out Lengths.',
		);
		expect(refusal.details).toEqual({ step: 'check', input: 'rightAudio' });
		expect(refusal.message).toContain(reason);
	});
});
