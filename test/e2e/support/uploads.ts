import { expect } from '@jest/globals';
import type { Emulator } from '../../emulator/emulator';
import { fixture, sha256 } from '../../testbed';

/** That the first job got the picture and these voices, each in its place, and all of them by upload. */
export function expectUploaded(emulator: Emulator, sound: 'voice' | 'tone' = 'voice'): void {
	const [job] = emulator.predictions();
	const digestOf = (url?: string) =>
		emulator.uploads().find(({ downloadUrl }) => downloadUrl === url)?.sha256;
	const { image, left_audio, right_audio } = job!.inputs;
	const names = ['pair.png', `left-${sound}.wav`, `right-${sound}.wav`];
	expect([image, left_audio, right_audio].map(digestOf)).toEqual(
		names.map((name) => sha256(fixture(name).content)),
	);
}
