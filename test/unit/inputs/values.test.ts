/** Prompts, names and contents of files as expressions and code give them. */
import { describe, expect, it } from '@jest/globals';
import { uploadName } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fileName';
import {
	decodeInline,
	describeBytes,
} from '../../../nodes/WaveSpeedInfiniteTalk/inputs/inlineContent';
import { checkPromptText } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/promptText';
import { toChoice, toNumber, toSwitch } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/values';
import { noise } from '../support/media';

describe('a switch', () => {
	it.each([
		...[true, 'true', ' TRUE ', 'yes', 'On', '1', 1].map((value) => [value, true] as const),
		...[false, 'false', 'No', 'off', '0', 0].map((value) => [value, false] as const),
	])('%j counts as %j', (value, expected) => {
		expect(toSwitch('Download Video', value)).toBe(expected);
	});

	it.each([
		['maybe', 'Download Video: "maybe" is not true or false'],
		[2, 'Download Video: 2 is not true or false'],
		[['true'], 'Download Video: ["true"] is not true or false'],
		[{}, 'Download Video: {} is not true or false'],
		...[undefined, null, '', ' '].map((value) => [value, 'Download Video is empty'] as const),
	])('%j is refused', (value, message) => {
		expect(() => toSwitch('Download Video', value)).toThrow(message);
	});
});

describe('a number', () => {
	const positive = { what: 'above 0', accepts: (number: number) => number > 0, advice: 'Use 1.' };

	it.each([
		[90, 90],
		['90', 90],
		[' 1.5 ', 1.5],
		['.5', 0.5],
		['1e3', 1000],
	])('%j counts as %d', (value, expected) => {
		expect(toNumber('Timeout', value, positive)).toBe(expected);
	});

	it.each([
		...['90 min', '1,5', '1.000,5', '0x10', '1h', '-1', '1e999'],
		...[0, -1, Number.NaN, true, [90], {}],
	])('%j is refused', (value) => {
		expect(() => toNumber('Timeout', value, positive)).toThrow(/^Timeout: .* is not above 0$/);
	});

	it.each([undefined, null, '', ' '])('%j is refused as empty', (value) => {
		expect(() => toNumber('Timeout', value, positive)).toThrow('Timeout is empty');
	});
});

describe('a choice', () => {
	const choices = [
		{ value: 'keepRunning', name: 'Keep Running' },
		{ value: 'automatic', name: 'Automatic' },
	];

	it.each(['keepRunning', ' keeprunning ', 'KEEP RUNNING'])('may be written as %j', (value) => {
		expect(toChoice('Waiting', value, choices)).toBe('keepRunning');
	});

	it.each([
		['forever', 'Waiting: "forever" is not one of the choices'],
		[['automatic'], 'Waiting: ["automatic"] is not one of the choices'],
		[true, 'Waiting: true is not one of the choices'],
		[null, 'Waiting is empty'],
	])('%j is refused', (value, message) => {
		expect(() => toChoice('Waiting', value, choices)).toThrow(message);
	});
});

const refused = (message: string) => ({ message, advice: expect.stringMatching(/\.$/) });

it.each<[unknown, object]>([
	...[undefined, null, '  '].map((none): [unknown, object] => [none, { prompt: '' }]),
	...[
		'Two friends talk about null and undefined values.',
		'A <b>host</b> and a guest; {laughing}',
		'= They talk',
		'a'.repeat(1500),
	].map((text): [string, object] => [text, { prompt: text }]),
	[' Hi\n', { prompt: 'Hi' }],
	['{"a":"b"}', { prompt: '{"a":"b"}', note: 'it is JSON text. Choose one text field.' }],
	[
		'a'.repeat(1501),
		{
			prompt: 'a'.repeat(1501),
			note: 'it has 1,501 characters. A short English sentence works best.',
		},
	],
	['undefined', refused('"undefined" is an expression without a result')],
	['[object Object]', refused('"[object Object]" is an expression without a result')],
	[{ text: 'Hi' }, refused('the expression returns an object, not text')],
	[['Hi'], refused('the expression returns a list, not text')],
	[42, refused('the expression returns a number, not text')],
])('the prompt %j gives %j', (value, expected) => {
	expect(checkPromptText(value)).toEqual(expected);
});

it.each([
	['speech', 'audio/mpeg', 'speech.mp3'],
	['data.oga', 'audio/ogg', 'data.ogg'],
	['data.weba', 'audio/webm', 'data.webm'],
	['generate.php', 'audio/wav', 'generate.wav'],
	['IMG_1.JPEG', 'image/jpeg', 'IMG_1.JPEG'],
	['note.opus', 'audio/ogg', 'note.opus'],
	['voice.mp4', 'audio/mp4', 'voice.m4a'],
	['v.3gp', 'audio/mp4', 'v.m4a'],
	['voice.mp3', 'audio/wav', 'voice.wav'],
	['voice.mp3.bin', 'audio/mpeg', 'voice.mp3'],
	['voice.mp3?token=a/b', 'audio/mpeg', 'voice.mp3'],
	['take 1.2', 'audio/mpeg', 'take 1.2.mp3'],
	['Dr. Smith', 'audio/mpeg', 'Dr. Smith.mp3'],
	['C:\\voices\\left.wav', 'audio/wav', 'left.wav'],
	['../../etc/passwd', 'audio/wav', 'passwd.wav'],
	['left "voice" ü.wav', 'audio/wav', 'left _voice_ ü.wav'],
	['a\r\nb\0.wav', 'audio/wav', 'a__b_.wav'],
	['.wav', 'audio/wav', 'wav.wav'],
	['', 'audio/wav', 'voice.wav'],
	['...', 'image/png', 'voice.png'],
	[`${'x'.repeat(300)}.png`, 'image/png', `${'x'.repeat(100)}.png`],
])('a file called %j of type %s is sent as %j', (name, type, sent) => {
	expect(uploadName(name, type, 'voice')).toBe(sent);
	expect(uploadName(sent, type, 'voice')).toBe(sent);
});

describe('content in the item itself', () => {
	const content = noise(1000);
	const base64 = content.toString('base64');
	it.each([
		['as n8n writes it', base64],
		['with a line break every 76 characters', base64.replace(/.{76}/g, '$&\r\n')],
		['with blanks around it', ` \t${base64} `],
		['with a data: prefix with parameters', `data:audio/ogg; codecs=opus;base64,${base64}\n`],
		['without padding', base64.replace(/=+$/, '')],
		['for addresses', content.toString('base64url')],
	])('%s is decoded to its bytes', (_name, data) => {
		const decoded = decodeInline(data) as () => Iterable<Buffer>;
		expect(Buffer.concat([...decoded()])).toEqual(content);
	});

	it.each<[unknown, string, boolean]>([
		[content.toJSON(), 'a Buffer as JSON', true],
		[content, 'a list of bytes', true],
		[new ArrayBuffer(3), 'a list of bytes', true],
		[[137, 80, 78, 71], 'a list of bytes', true],
		[null, 'nothing', false],
		[42, 'a number', false],
		[{ a: 1 }, 'an object', false],
		[['a'], 'a list', false],
		[[], 'a list', false],
	])('of another form is named: %# %s, bytes: %s', (data, what, areBytes) => {
		expect(decodeInline(data)).toEqual({
			message: `contains ${what} instead of base64 text`,
			advice: expect.stringContaining('prepareBinaryData'),
		});
		expect(describeBytes(data)).toBe(areBytes ? what : undefined);
	});

	it('that n8n stores elsewhere is named', () => {
		expect(decodeInline('s3')).toMatchObject({ message: expect.stringContaining('lost') });
	});
});
