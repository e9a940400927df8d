import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FormData } from 'undici';
import { ROOT } from './lib/paths';

/** Folder of the media that tests, demo and screenshots use. */
export const FIXTURES = path.join(ROOT, 'test', 'fixtures');

/** Names of the media in {@link FIXTURES}. */
export const MEDIA_NAMES = [
	'pair.png',
	'left-tone.wav',
	'right-tone.wav',
	'left-voice.wav',
	'right-voice.wav',
] as const;

/** A file with its content, as a form sends it. */
export interface MediaFile {
	readonly name: string;
	readonly type: string;
	readonly content: Buffer;
}

const TYPES: Readonly<Record<string, string>> = { '.png': 'image/png', '.wav': 'audio/wav' };

/** One of the {@link MEDIA_NAMES}. */
export function fixture(name: string): MediaFile {
	const content = readFileSync(path.join(FIXTURES, name));
	return { name, type: TYPES[path.extname(name)] ?? '', content };
}

/** A form with texts and files, by the names of their fields. */
export function formOf(fields: Readonly<Record<string, string | MediaFile>>): FormData {
	const form = new FormData();
	for (const [name, field] of Object.entries(fields)) {
		if (typeof field === 'string') form.append(name, field);
		else {
			const content = new Blob([Uint8Array.from(field.content)], { type: field.type });
			form.append(name, content, field.name);
		}
	}
	return form;
}

/** The picture and the two voices, in the fields that the node expects by default. */
export function mediaFixtures(): Record<'image' | 'left_audio' | 'right_audio', MediaFile> {
	return {
		image: fixture('pair.png'),
		left_audio: fixture('left-voice.wav'),
		right_audio: fixture('right-voice.wav'),
	};
}

export function sha256(content: Buffer): string {
	return createHash('sha256').update(content).digest('hex');
}
