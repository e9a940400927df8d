import { describe, expect, it } from '@jest/globals';
import { MAX_FILE_BYTES } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/checkFile';
import { type JobError, jobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import type { InputName } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { INPUT_LABELS } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { jobErrorOf } from '../support/failures';
import {
	DEFAULT_MODEL,
	INPUTS_FOR,
	MODELS,
} from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import {
	PNG,
	WAV,
	check,
	createFile,
	createPicture,
	createRequest,
	createVoice,
} from '../support/job';

/** The problem of an item with this in one field, with what all such problems have in common. */
async function refusalOf(input: InputName, source: object): Promise<JobError> {
	const refusal = await jobErrorOf(check(createRequest({ [input]: source })));
	expect(refusal.message.startsWith(`${INPUT_LABELS[input]}: `)).toBe(true);
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

	it.each([
		['meanwhile', 'meanwhile'],
		['left_right', 'left_right'],
		['Right First, Then Left', 'right_left'],
	])('may have the order %s', async (order, sent) => {
		expect((await check(createRequest({ order }))).order).toBe(sent);
	});
});

it.each(['both', 'left-right', 'constructor'])(
	'the order %j is refused with those there are',
	async (order) => {
		const refusal = await jobErrorOf(check(createRequest({ order })));
		expect(refusal.message).toBe(`Speaking Order: "${order}" is not one of the choices`);
		expect(refusal.advice).toMatch(/meanwhile.*left_right.*right_left/);
		expect(refusal.details).toEqual({ step: 'check' });
	},
);

it('two voices of silence are refused, and one is not', async () => {
	const silence = { silence: true } as const;
	const checked = await check(createRequest({ leftAudio: silence }));
	expect(checked.media.leftAudio).toBe(silence);
	const both = createRequest({ leftAudio: silence, rightAudio: silence });
	expect(await jobErrorOf(check(both))).toMatchObject({
		message: 'Left Audio and Right Audio are both set to Silence',
		advice: 'Give at least one of them a voice.',
		details: { step: 'check' },
	});
});

describe('the model', () => {
	it.each(Object.entries(MODELS))('%s is known by its stored name', async (name, model) => {
		expect((await check(createRequest({ model: ` ${name} ` }))).model).toBe(model);
	});

	it('has the ID and the limits that its page names', () => {
		const multi = { id: 'wavespeed-ai/infinitetalk/multi', maxVideoS: 600, minVoiceS: 3.3 };
		const longcat = { id: 'wavespeed-ai/longcat-avatar-1.5/multi', maxVideoS: 64 };
		expect(MODELS).toMatchObject({
			infinitetalkFast: { ...multi, id: 'wavespeed-ai/infinitetalk-fast/multi' },
			infinitetalk480p: { ...multi, resolution: '480p' },
			infinitetalk720p: { ...multi, resolution: '720p' },
			longcatAvatar15: { ...longcat, resolution: '480p' },
			longcatAvatar15_720p: { ...longcat, resolution: '720p' },
		});
	});

	it.each([
		['infinitetalk', '"infinitetalk" is not one of the choices'],
		['__proto__', '"__proto__" is not one of the choices'],
		[{ id: 1 }, '{"id":1} is not one of the choices'],
		['', 'is empty'],
		[' ', 'is empty'],
		[null, 'is empty'],
	])('%j is refused, with those that are known', async (model, message) => {
		const refusal = await jobErrorOf(check(createRequest({ model })));
		expect(refusal.message).toContain(message);
		expect(refusal.details).toEqual({ step: 'check' });
		expect(refusal.advice).toBe(
			'Use one of: infinitetalkFast (InfiniteTalk Fast), infinitetalk480p (InfiniteTalk 480p), infinitetalk720p (InfiniteTalk 720p), longcatAvatar15 (LongCat Avatar 1.5 480p), longcatAvatar15_720p (LongCat Avatar 1.5 720p).',
		);
	});
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
		[7, 7],
		[2_147_483_647, 2_147_483_647],
		['2147483647', 2_147_483_647],
		[' 12 ', 12],
		['-1', -1],
	])('%j is sent as %j', async (seed, sent) => {
		expect((await check(createRequest({ seed }))).seed).toBe(sent);
	});

	it.each([
		-2,
		2_147_483_648,
		1.5,
		Number.NaN,
		Number.POSITIVE_INFINITY,
		'2147483648',
		'abc',
		'1.5',
		'0x10',
		'1e3',
		'7.',
		'+7',
		'undefined',
		true,
		[],
		[7],
		{},
	])('%j is refused', async (seed) => {
		const refusal = await jobErrorOf(check(createRequest({ seed })));
		expect(refusal.message).toMatch(/^Seed: .* is not a whole number from -1 to 2147483647$/);
		expect(refusal.advice).toContain('-1');
		expect(refusal.details).toEqual({ step: 'check' });
	});
});

describe.each(INPUTS_FOR.two)('an address in %s', (input) => {
	it('is sent in the form that was checked', async () => {
		const url = ' https://bücher.example/My Podcast (1).mp3\n';
		const { media } = await check(createRequest({ [input]: { url } }));
		const sent = 'https://xn--bcher-kva.example/My%20Podcast%20(1).mp3';
		expect(media[input]).toEqual({ url: sent });
	});

	it.each<[string, RegExp, RegExp]>([
		['   ', /the URL is empty/, /to File/],
		['https://a.b/{{ $json.id }}.png', /expression without a result/, /click Expression above it/],
		[
			'http://minio:9000/b/a.png',
			/points to a private network \(minio:9000\)/,
			/switch \w+ ?\w* to File/,
		],
	])('%j is refused with the reason and a next step', async (url, cause, step) => {
		const refusal = await refusalOf(input, { url });
		expect(refusal.message).toMatch(cause);
		expect(refusal.advice).toMatch(step);
	});
});

describe.each(INPUTS_FOR.two)('a file in %s', (input) => {
	const good = input === 'image' ? PNG : WAV;

	it('is refused when it is empty', async () => {
		const file = createFile(good, { name: 'x.wav', size: 0 });
		const refusal = await refusalOf(input, { file });
		expect(refusal.message).toContain('the file "x.wav" is empty');
		expect(file.opened).toBe(0);
	});

	it('may have 200 MiB', async () => {
		const file = createFile(good, { size: 200 * 1024 * 1024 });
		await check(createRequest({ [input]: { file } }));
		expect(MAX_FILE_BYTES).toBe(file.size);
	});

	it('is refused with one byte more, and says how large it is', async () => {
		const file = createFile(good, { name: 'big', size: 200 * 1024 * 1024 + 1 });
		const refusal = await refusalOf(input, { file });
		expect(refusal.message).toContain('too large: 200.1 MiB, but the limit is 200 MiB');
		expect(refusal.advice).toContain('smaller');
		expect(file.opened).toBe(0);
	});

	it.each([
		['<html>', 'a web page (HTML)', /^Use .*(JPG|MP3).*login/],
		['\0\0\0\x14ftypqt  ', 'a QuickTime video', /^Use .*(JPG|MP3)/],
	])('is refused when it says otherwise but is %j', async (content, label, step) => {
		const [name, declaredType] =
			input === 'image' ? ['a.png', 'image/png'] : ['voice.mp3', 'audio/mpeg'];
		const file = createFile(Buffer.from(content, 'latin1'), { name, declaredType });
		const refusal = await refusalOf(input, { file });
		expect(refusal.message).toContain(`the file "${name}" is ${label}`);
		expect(refusal.advice).toMatch(step);
	});

	it('of no known format is refused, whatever its type and name say', async () => {
		const [name, declaredType] =
			input === 'image' ? ['x.JPG', 'image/jpeg'] : ['x.Mp3', 'audio/mpeg'];
		for (const type of [declaredType, '']) {
			const file = createFile(Buffer.from([0, 1, 2]), { name, declaredType: type });
			const refusal = await refusalOf(input, { file });
			expect(refusal.message).toContain(`"${name}" (${type || 'no type'}) is not`);
			expect(refusal.advice).toMatch(/^Use (JPG|MP3)/);
		}
	});

	it('is sent under a name with the extension of what it is', async () => {
		const file = createFile(good, { name: 'made/by/generate.php' });
		const { media } = await check(createRequest({ [input]: { file } }));
		const name = input === 'image' ? 'generate.png' : 'generate.wav';
		expect(media[input]).toMatchObject({ file: { name } });
	});

	it('has its long name shortened in messages', async () => {
		const file = createFile(good, { name: 'x'.repeat(100_000), size: 0 });
		expect((await refusalOf(input, { file })).message.length).toBeLessThan(200);
	});
});

describe('a file of the wrong kind', () => {
	it('is named: sound where the picture belongs', async () => {
		const refusal = await refusalOf('image', { file: createVoice({ name: 'v.wav' }) });
		expect(refusal.message).toBe('Image: the file "v.wav" is a WAV file, not a picture');
		expect(refusal.advice).toContain('swapped');
	});

	it.each(['leftAudio', 'rightAudio'] as const)('is named: a picture in %s', async (input) => {
		const refusal = await refusalOf(input, { file: createPicture({ name: 'p.png' }) });
		expect(refusal.message).toContain('the file "p.png" is a PNG picture, not a sound file');
	});

	it.each([
		['image', '\0\0\0\x18ftypheic', 'a HEIC picture'],
		['rightAudio', '#!AMR\n', 'an AMR file'],
	] as const)('%s: a format that WaveSpeed does not read: %j', async (input, head, label) => {
		const file = createFile(Buffer.from(head, 'latin1'));
		const refusal = await refusalOf(input, { file });
		expect(refusal.message).toContain(`${label}, which WaveSpeed does not support`);
	});
});

describe('several wrong fields', () => {
	it('are told together, each with its own advice', async () => {
		const refusal = await jobErrorOf(
			check(
				createRequest({
					image: { file: createVoice({ name: 'v.wav' }) },
					rightAudio: { url: '' },
					order: 'both',
				}),
			),
		);
		expect(refusal.message).toBe(
			'Image: the file "v.wav" is a WAV file, not a picture. Right Audio: the URL is empty. Speaking Order: "both" is not one of the choices',
		);
		expect(refusal.advice).toMatch(
			/^Image: .*swapped.* Merge.*\. Right Audio: .* Speaking Order: Use/,
		);
		expect(refusal.details).toEqual({ step: 'check', input: 'image' });
	});

	it('that share one cause are told once', async () => {
		const error = jobError('Image and Left Audio: no file reaches this node', 'Connect them.', {
			step: 'check',
		});
		const request = createRequest({ image: { error }, leftAudio: { error } });
		expect(await jobErrorOf(check(request))).toBe(error);
	});
});

it('a file that cannot be read any more does not pass', async () => {
	const file = createPicture({ open: async () => await Promise.reject(new Error('gone')) });
	expect((await refusalOf('image', { file })).message).toContain('could not be read');
});

describe('the prompt', () => {
	it.each([undefined, null, '  '])('%j is none', async (prompt) => {
		const checked = await check(createRequest({ prompt }));
		expect(checked.prompt).toBe('');
		expect(checked).not.toHaveProperty('promptHint');
	});

	it('that is an object is refused', async () => {
		const refusal = await jobErrorOf(check(createRequest({ prompt: { text: 'Hi' } })));
		expect(refusal.message).toBe('Prompt: the expression returns an object, not text');
		expect(refusal.details).toEqual({ step: 'check' });
	});

	it('that is very long is sent with a hint', async () => {
		const checked = await check(createRequest({ prompt: 'They talk. '.repeat(150) }));
		expect(checked.promptNote).toBe(
			'Prompt: it has 1,649 characters. A short English sentence works best.',
		);
	});
});
