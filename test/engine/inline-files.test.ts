/** Files that code put into an item, in n8n's form or another. */
import { describe, expect, it } from '@jest/globals';
import { leftVoice, pair, rightVoice, sha256 } from './support/files';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();
const base64 = pair.content.toString('base64');

describe('content in the item itself', () => {
	it.each<[string, string, (string | null)?]>([
		['as n8n writes it', base64],
		['with the prefix of a data: address', `data:image/png;base64,${base64}`],
		['under a type that is null', base64, null],
	])('%s is uploaded with its own length', async (_name, data, mimeType = 'image/png') => {
		const files = { left_audio: leftVoice, right_audio: rightVoice };
		const binary = { image: { data, mimeType } };
		const execution = await engine.run({ items: [{ files, binary }] });

		expect(execution.failure).toBeUndefined();
		const [picture] = emulator.uploads().filter(({ fileName }) => fileName === 'image.png');
		expect(picture?.sha256).toBe(sha256(pair.content));
		expect(emulator.requestsTo('put')).toHaveLength(3);
	});
});

describe('binary data that is none', () => {
	it.each<[string, unknown, string]>([
		['a Buffer as JSON', pair.content.toJSON(), 'the file "image" contains a Buffer as JSON'],
		[
			'a Buffer as JSON with a type',
			{ data: pair.content.toJSON(), mimeType: 'image/png', fileName: null },
			'the file "image" contains a Buffer as JSON',
		],
		[
			'bytes',
			{ data: [...pair.content], mimeType: null },
			'the file "image" contains a list of bytes',
		],
		['a number', { data: 42, mimeType: 7, fileName: 8 }, 'the file "image" contains a number'],
		['nothing', { mimeType: 'image/png' }, 'the file "image" contains nothing'],
		['text', base64, 'the file "image" contains nothing'],
		['no value', null, 'the item has no binary field "image"'],
		[
			'a lost reference',
			{ data: 'filesystem-v2', mimeType: 'image/png', fileName: 'pair.png' },
			'the file "pair.png" lost its reference',
		],
		[
			'an ID of nothing',
			{ id: 42, data: '', mimeType: null },
			'n8n no longer has the file "image"',
		],
	])('%s is named with its field', async (_name, image, cause) => {
		const files = { left_audio: leftVoice, right_audio: leftVoice };
		const execution = await engine.run({ items: [{ files, binary: { image } }] });

		expect(execution.error.message.slice(0, cause.length + 7)).toBe(`Image: ${cause}`);
		expect(execution.error.description).toMatch(/\.$/);
		expect(emulator.requests).toEqual([]);
	});
});
