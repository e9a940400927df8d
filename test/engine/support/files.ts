import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';

/**
 * A file for a source node. The same object in several items is stored once, as when a workflow
 * fans one file out; {@link copyOf} makes a file of its own with the same content.
 */
export interface TestFile {
	readonly name: string;
	readonly type: string;
	readonly content: Buffer;
}

export function file(name: string, type: string, content: Buffer | string): TestFile {
	return { name, type, content: Buffer.from(content) };
}

export function copyOf(original: TestFile, changes: Partial<TestFile> = {}): TestFile {
	return { ...original, ...changes };
}

export function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}

function fixture(name: string, type: string): TestFile {
	return file(name, type, readFileSync(join(__dirname, '../../fixtures', name)));
}

/** One of the files that people put in. */
export function input(name: string, type: string): TestFile {
	return { ...fixture(`inputs/${name}`, type), name };
}

export const pair = fixture('pair.png', 'image/png');
export const leftVoice = fixture('left-voice.wav', 'audio/wav');
export const rightVoice = fixture('right-voice.wav', 'audio/wav');

/** The three files under the node's default field names. */
export const mediaFixtures = { image: pair, left_audio: leftVoice, right_audio: rightVoice };

/** Their SHA-256, in this order. */
export const MEDIA_DIGESTS = [pair, leftVoice, rightVoice].map(({ content }) => sha256(content));

/** Three files that no other item has. */
export function ownMediaFixtures(mark: string): typeof mediaFixtures {
	const marked = (original: TestFile, index: number): TestFile =>
		copyOf(original, {
			name: `${mark}-${original.name}`,
			content: Buffer.concat([original.content, Buffer.from(`${mark}${index}`)]),
		});
	return {
		image: marked(pair, 0),
		left_audio: marked(leftVoice, 1),
		right_audio: marked(rightVoice, 2),
	};
}
