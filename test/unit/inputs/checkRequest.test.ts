import { describe, expect, it } from '@jest/globals';
import type { JobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import type { InputName } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { INPUT_LABELS } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { jobErrorOf } from '../support/failures';
import { DEFAULT_MODEL, INPUTS_FOR } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import {
	PNG,
	WAV,
	check,
	createFile,
	createPicture,
	createRequest,
	createVoice,
} from '../support/job';
import { inputFixture } from '../support/media';

const MAX_BYTES = 200 * 1024 * 1024;

/** The problem of an item with this in one field, with what all such problems have in common. */
async function refusalOf(input: InputName, source: object): Promise<JobError> {
	const refusal = await jobErrorOf(check(createRequest({ [input]: source })));
	expect(refusal.message.startsWith(`${INPUT_LABELS[input]}: `)).toBe(true);
	expect(refusal.message.length).toBeLessThan(200);
	expect(refusal.advice).toMatch(/\w.*\.$/);
	expect(refusal.details).toEqual({ step: 'check', input });
	return refusal;
}

describe('an item that is fine', () => {
	it('comes out with its addresses, order, seed and trimmed prompt', async () => {
		const request = createRequest({ prompt: '  They talk.\n', order: 'right_left', seed: 42 });
		expect(await check(request)).toEqual({
			model: DEFAULT_MODEL,
			media: {
				image: { url: 'https://files.example/pair.png' },
				leftAudio: { url: 'https://files.example/left.wav' },
				rightAudio: { url: 'https://files.example/right.wav' },
			},
			order: 'right_left',
			seed: 42,
			prompt: 'They talk.',
		});
	});

	it('keeps its files, with the type that their bytes tell', async () => {
		const [image, voice] = [createPicture({ declaredType: 'text/html' }), createVoice()];
		const checked = await check(
			createRequest({ image: { file: image }, leftAudio: { file: voice } }),
		);
		expect(checked.media.image).toMatchObject({ file: image, type: 'image/png' });
		expect(checked.media.leftAudio).toMatchObject({ file: voice, type: 'audio/wav' });
		expect(image.opened).toBe(1);
	});

	it('may have one voice of silence', async () => {
		const silence = { silence: true } as const;
		const checked = await check(createRequest({ leftAudio: silence }));
		expect(checked.media.leftAudio).toBe(silence);
	});
});

it.each([
	[
		{ order: 'both' },
		'Speaking Order: "both" is not one of the choices',
		'Use one of: meanwhile (Both at the Same Time), left_right (Left First, Then Right), right_left (Right First, Then Left).',
	],
	[
		{ model: '__proto__' },
		'Model: "__proto__" is not one of the choices',
		'Use one of: infinitetalkFast (InfiniteTalk Fast), infinitetalk480p (InfiniteTalk 480p), infinitetalk720p (InfiniteTalk 720p), longcatAvatar15 (LongCat Avatar 1.5 480p), longcatAvatar15_720p (LongCat Avatar 1.5 720p).',
	],
])('%j is refused with the choices there are', async (given, message, advice) => {
	const refusal = await jobErrorOf(check(createRequest(given)));
	expect(refusal).toMatchObject({ message, advice, details: { step: 'check' } });
});

describe('the seed', () => {
	it('stands for one made of the inputs without the option', async () => {
		expect(await check(createRequest({ seed: undefined }))).not.toHaveProperty('seed');
	});

	// Somebody wanted a new take; a job that is used again would not be one.
	it.each([null, '', ' '])('that an expression gives as %j is refused', async (seed) => {
		const refusal = await jobErrorOf(check(createRequest({ seed })));
		expect(refusal.message).toBe('Seed is empty');
	});

	it.each<[unknown, number]>([
		[-1, -1],
		[0, 0],
		[2_147_483_647, 2_147_483_647],
		['2147483647', 2_147_483_647],
		[' 12 ', 12],
		['-1', -1],
	])('%j is sent as %j', async (seed, sent) => {
		expect((await check(createRequest({ seed }))).seed).toBe(sent);
	});

	it.each([
		...[-2, 2_147_483_648, 1.5, Number.NaN, true, [7], {}],
		...['2147483648', 'abc', '1.5', '0x10', '1e3', '7.', '+7', 'undefined'],
	])('%j is refused', async (seed) => {
		const refusal = await jobErrorOf(check(createRequest({ seed })));
		expect(refusal.message).toMatch(/^Seed: .* is not a whole number from -1 to 2147483647$/);
		expect(refusal.advice).toContain('-1');
		expect(refusal.details).toEqual({ step: 'check' });
	});
});

describe.each(INPUTS_FOR.two)('a file in %s', (input) => {
	const [good, declaredType] = input === 'image' ? [PNG, 'image/png'] : [WAV, 'audio/mpeg'];

	it.each([
		['empty', 0, 'is empty', 'has no content'],
		['too large', MAX_BYTES + 1, 'too large: 200.1 MiB, but the limit is 200 MiB', 'smaller'],
	])('is refused unread when it is %s', async (_how, size, cause, step) => {
		const file = createFile(good, { name: 'x'.repeat(100_000), size });
		const refusal = await refusalOf(input, { file });
		expect(refusal.message).toContain(cause);
		expect(refusal.advice).toContain(step);
		expect(file.opened).toBe(0);
	});

	it('may have 200 MiB, and is sent under a name with the extension of what it is', async () => {
		const file = createFile(good, { name: 'made/by/generate.php', size: MAX_BYTES });
		const { media } = await check(createRequest({ [input]: { file } }));
		const name = input === 'image' ? 'generate.png' : 'generate.wav';
		expect(media[input]).toMatchObject({ file: { name } });
	});

	it.each([
		['<html>', 'a web page (HTML)', /^Use .*(JPG|MP3).*login/],
		['FLV\x01', 'a Flash video', /^Use .*(JPG|MP3)/],
	])('is refused when it says otherwise but is %j', async (content, label, step) => {
		const file = createFile(Buffer.from(content, 'latin1'), { name: 'a.png', declaredType });
		const refusal = await refusalOf(input, { file });
		expect(refusal.message).toContain(`the file "a.png" is ${label}`);
		expect(refusal.advice).toMatch(step);
	});

	it('of no known format is refused, whatever its type and name say', async () => {
		for (const type of [declaredType, '']) {
			const file = createFile(Buffer.from([0, 1, 2]), { name: 'x.JPG', declaredType: type });
			const refusal = await refusalOf(input, { file });
			expect(refusal.message).toContain(`"x.JPG" (${type || 'no type'}) is not`);
			expect(refusal.advice).toMatch(/^Use (JPG|MP3)/);
		}
	});
});

/** Files of the kinds that people reported, as they come into the fields. */
type Row = [content: string, declaredType: string, name: string, field: 'image' | 'leftAudio'];

it.each<[...Row, type: string, sent: string]>([
	['mp42_sound_fast.m4a', 'video/mp4', 'rec.m4a', 'leftAudio', 'audio/mp4', 'rec.m4a'],
	['safari_frag_sound.mp4', 'video/mp4', 'voice.mp4', 'leftAudio', 'audio/mp4', 'voice.m4a'],
	['zeros10.mp3', 'application/octet-stream', 'speech', 'leftAudio', 'audio/mpeg', 'speech.mp3'],
])('%s as %s, %s, in %s is taken', async (fixture, declaredType, name, field, type, sent) => {
	const file = createFile(inputFixture(fixture), { name, declaredType });
	const { media } = await check(createRequest({ [field]: { file } }));
	expect(media[field]).toMatchObject({ type, file: { name: sent } });
	expect(file.opened).toBe(1);
});

it.each<[...Row, cause: string, step: RegExp]>([
	['video_silent.mp4', '', 'a.m4a', 'leftAudio', 'is an MP4 video without sound', /MP3, WAV/],
	['chrome_avc1_opus.webm', 'video/webm', 'a.webm', 'leftAudio', 'is a WebM video', /FFmpeg/],
	['gemini_as.wav', 'audio/wav', 'a.wav', 'leftAudio', 'is raw PCM without a header', /WAV/],
	['ff.bin', 'application/octet-stream', 'a', 'leftAudio', 'contains only the byte ff', /PCM/],
	['whatsapp.enc', 'audio/ogg', 'a.ogg', 'leftAudio', 'is not a sound file in a', /MP3/],
	['datauri_garbage.png', 'image/png', 'a', 'image', 'a whole data: URL', /only the part/],
	['utf8_mangled.png', 'image/png', 'a', 'image', 'was read as text by an earlier', /File/],
	['leading_newline.jpg', 'image/jpeg', 'a.jpg', 'image', 'a stray byte before a JPEG', /./],
	['photo.jp2', 'image/jp2', 'a.jp2', 'image', 'is a JPEG 2000 picture, which WaveSpeed', /JPG/],
	['burst_hevc.heic', 'image/heic', 'a', 'image', 'is a HEIC picture, which WaveSpeed', /JPG/],
	['burst_hevc.heic', 'audio/mp4', 'a', 'leftAudio', 'is a HEIC picture, not a sound', /MP3/],
	['zeros10.mp3', 'image/png', 'a', 'image', 'is an MP3 file, not a picture', /swapped/],
])('%s as %s, %s, in %s is refused', async (fixture, declaredType, name, field, cause, step) => {
	const refusal = await refusalOf(field, {
		file: createFile(inputFixture(fixture), { name, declaredType }),
	});
	expect(refusal.message).toContain(cause);
	expect(refusal.message).toContain(`the file "${name}"`);
	expect(refusal.advice).toMatch(step);
});
