import { expect } from '@jest/globals';
import type { Finding } from '../../../../nodes/WaveSpeedInfiniteTalk/probe/finding';
import { Probe } from '../../../../nodes/WaveSpeedInfiniteTalk/probe/probe';
import type { Problem } from '../../../../nodes/WaveSpeedInfiniteTalk/shared/problem';

export interface Given {
	name?: string;
	declaredType?: string;
	wanted?: 'image' | 'audio';
}

/** What is found in these bytes, pushed in chunks of this size; each is spoiled after it was taken. */
export function probe(
	bytes: Buffer,
	chunkBytes = 64 * 1024,
	{ name = 'data', declaredType = '', wanted = 'audio' }: Given = {},
): Partial<Finding & Problem> {
	const one = new Probe({ name, declaredType }, wanted);
	for (const chunk of chunks(bytes, chunkBytes)) {
		const copy = Buffer.from(chunk);
		one.push(copy);
		copy.fill(0xee);
		if (one.isDecided) break;
	}
	return one.end() ?? {};
}

/** The same in words: what it is, how long it sounds, and why it is refused or what is odd about it. */
export function tell(bytes: Buffer, chunkBytes?: number, given?: Given): string {
	const { kind, seconds, problem, notes = [], message } = probe(bytes, chunkBytes, given);
	const length = seconds === undefined ? '' : `, ${Number(seconds.toFixed(6))} s`;
	const more = problem ? [problem.message] : notes;
	return [`${kind?.label ?? message ?? 'unknown'}${length}`, ...more].join('; ');
}

/** That these words are told, in whatever chunks the bytes come. */
export function expectTold(bytes: Buffer, words: string | RegExp, given?: Given): void {
	for (const size of [1, 100, 1e6]) {
		const told = tell(bytes, size, given);
		if (typeof words === 'string') expect(told).toBe(words);
		else expect(told).toMatch(words);
	}
}

/** Seconds of these bytes, pushed in chunks of this size. */
export function measure(bytes: Buffer, chunkBytes?: number): number | undefined {
	return probe(bytes, chunkBytes).seconds;
}

export function* chunks(bytes: Buffer, chunkBytes: number): Generator<Buffer> {
	for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}
