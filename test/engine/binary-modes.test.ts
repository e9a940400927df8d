/** n8n's ways of keeping files: beside or inside the JSON, on disk or in memory. */
import { describe, expect, it } from '@jest/globals';
import { BINARY_IN_JSON_PROPERTY } from 'n8n-workflow';
import { retrying, sentDigests } from './support/cases';
import {
	copyOf,
	leftVoice,
	MEDIA_DIGESTS,
	mediaFixtures,
	pair,
	rightVoice,
	sha256,
} from './support/files';
import { useEngine } from './support/testbed';
import { fromField } from './support/workflow';

const { emulator, engine } = useEngine();
const combined = { binaryMode: 'combined' } as const;

describe('combined binary mode', () => {
	it('the default field names work', async () => {
		const execution = await engine.run({ settings: combined });

		expect(execution.output('Files')[0]?.binary).toBeUndefined();
		expect(execution.failure).toBeUndefined();
		expect(sentDigests(emulator)).toEqual(MEDIA_DIGESTS);
		const files = execution.good[0]?.json[BINARY_IN_JSON_PROPERTY];
		expect(files).toMatchObject({ data: { mimeType: 'video/mp4' } });
	});

	it('so do paths and expressions', async () => {
		const execution = await engine.run({
			before: { Voice: [{ files: { data: leftVoice } }] },
			items: [{ files: { picture: pair, b: rightVoice } }],
			parameters: {
				image: fromField(`${BINARY_IN_JSON_PROPERTY}.picture`),
				// In this mode n8n's expressions see of an item its JSON only, without the word `json`.
				leftAudio: fromField(`={{ $('Voice').item.${BINARY_IN_JSON_PROPERTY}.data }}`),
				rightAudio: fromField('b'),
			},
			settings: combined,
		});

		expect(execution.failure).toBeUndefined();
		expect(sentDigests(emulator)).toEqual(MEDIA_DIGESTS);
	});
});

describe.each(['separate', 'combined'] as const)('in memory, %s', (binaryMode) => {
	it('equal files are uploaded once, and a retry does not upload them again', async () => {
		emulator.scriptJob({ end: { status: 'failed', code: 5000, error: 'Busy' } });
		const files = { ...mediaFixtures, right_audio: { ...leftVoice } };

		const execution = await engine.run({
			items: [{ files }],
			binaryData: 'memory',
			settings: { binaryMode },
			node: retrying(2),
		});

		expect(execution.failure).toBeUndefined();
		expect(emulator.requestsTo('put')).toHaveLength(2);
		expect(emulator.billing()).toMatchObject({ billed: 2, refunded: 1, paid: 1 });
	});

	// As when a node makes both voices: one name, one length, silence at the end.
	it('two voices that only differ in the middle go up as two files, and the video comes down', async () => {
		const [left, right] = [1, 2].map((mark) => {
			const content = Buffer.from(leftVoice.content);
			content.fill(mark, 50_000, 50_010).fill(0, 100_000);
			return copyOf(leftVoice, { content });
		});

		const execution = await engine.run({
			items: [{ files: { image: pair, left_audio: left!, right_audio: right! } }],
			binaryData: 'memory',
			settings: { binaryMode },
		});

		expect(execution.output('Files')[0]?.binary?.image?.id).toBeUndefined();
		expect(execution.failure).toBeUndefined();
		expect(sentDigests(emulator)).toEqual(
			[pair, left!, right!].map(({ content }) => sha256(content)),
		);
		const video = await execution.fileIn(execution.good[0]);
		expect(video.subarray(4, 8).toString()).toBe('ftyp');
	});
});
