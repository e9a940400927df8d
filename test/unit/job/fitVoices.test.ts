/** Files of silence and padding, and what the voices of a job last. */
import { describe, expect, it } from '@jest/globals';
import { silentWav } from '../../../nodes/WaveSpeedInfiniteTalk/audio/silence';
import { Contents } from '../../../nodes/WaveSpeedInfiniteTalk/job/contents';
import { fitVoices } from '../../../nodes/WaveSpeedInfiniteTalk/job/fitVoices';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/job/models';
import type {
	CheckedMedia,
	CheckedRequest,
	FittedRequest,
} from '../../../nodes/WaveSpeedInfiniteTalk/job/request';
import { mp3, wav } from '../audio/support/build';
import { problemOf } from '../support/failures';
import { createFile, createFitted, type TestFile } from '../support/job';

const SILENCE: CheckedMedia = { silence: true };

function voice(content: Buffer): { file: TestFile; type: string } {
	return { file: createFile(content, { name: 'voice.wav' }), type: 'audio/wav' };
}

/** 16 kHz, mono, 16 bit. */
function sound(seconds: number): Buffer {
	return Buffer.concat([...silentWav(seconds)]).fill(1, 44);
}

async function fit(
	leftAudio: CheckedMedia,
	rightAudio: CheckedMedia,
	more: Partial<CheckedRequest> = {},
): Promise<FittedRequest> {
	const image = { url: 'https://files.example/pair.png' };
	const request = { ...createFitted(), ...more, media: { image, leftAudio, rightAudio } };
	return await fitVoices(request, new Contents());
}

async function read(media: CheckedMedia): Promise<{ chunks: Buffer[]; size: number }> {
	if (!('file' in media)) throw new Error('It is no file');
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

	it('is not made for a voice that is too long', async () => {
		const days = wav(Buffer.alloc(16_000), { rate: 1, bits: 8 });
		const refusal = await problemOf(fit(voice(days), SILENCE));
		expect(refusal.message).toContain('the video would last 16000 s');
		const limits = { model: MODELS.longcatAvatar15 };
		const longcat = await problemOf(fit(voice(sound(31)), SILENCE, limits));
		expect(longcat.advice).toContain('another Model');
	});

	it('is not made beside a file that does not tell its length', async () => {
		const refusal = await problemOf(fit(voice(Buffer.from('no sound')), SILENCE));
		expect(refusal.message).toContain('Left Audio, whose length its file does not tell');
		expect(refusal.advice).toContain('as a WAV or MP3 file');
	});
});

describe('padding', () => {
	const evenOutLengths = true;

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
		expect(refusal.message).toContain('is too large: 864.3 MiB, and at most 200 MiB');
		expect(refusal.details).toMatchObject({ step: 'check', input: 'leftAudio' });
	});

	it.each([
		['an MP3 file', mp3(100), 'only WAV files can be padded'],
		['RF64', wav(Buffer.alloc(64_000), { form: 'RF64' }), 'of the form RF64 cannot be padded'],
		['ADPCM', wav(Buffer.alloc(64_000), { tag: 17, blockAlign: 256 }), 'compressed sound'],
	])('of %s is refused', async (_name, content, reason) => {
		const refusal = await problemOf(fit(voice(sound(60)), voice(content), { evenOutLengths }));
		expect(refusal.message).toMatch(/^Right Audio: it is shorter than the other voice/);
		expect(refusal.message).toContain(reason);
	});
});
