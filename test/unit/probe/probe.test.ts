import { describe, expect, it } from '@jest/globals';
import { Probe } from '../../../nodes/WaveSpeedInfiniteTalk/probe/probe';
import { FTYP, join, MDAT, moov, mp3, text, trak, wav } from './support/build';

const FILE = { name: 'a.bin', declaredType: '' };

function probe(bytes: Buffer, wanted: 'image' | 'audio' = 'audio'): unknown {
	const one = new Probe(FILE, wanted);
	for (let at = 0; at < bytes.length; at += 1000) one.push(bytes.subarray(at, at + 1000));
	return one.end();
}

describe('one look at a file', () => {
	it.each([
		['WAV', wav(Buffer.alloc(16_000)), 'audio/wav', 1],
		['MP3', mp3(10), 'audio/mpeg', (10 * 1152) / 44_100],
		['M4A', join(FTYP, moov(trak()), MDAT), 'audio/mp4', 5],
	])('gives kind and length of %s', (_name, bytes, type, seconds) => {
		expect(probe(bytes)).toMatchObject({ kind: { type }, seconds });
	});

	it('ends as soon as the kind is a wrong one', () => {
		const one = new Probe(FILE, 'image');
		expect(one.isDecided).toBe(false);
		one.push(mp3(2));
		expect(one.isDecided).toBe(false);
		one.push(mp3(20));
		expect(one.isDecided).toBe(true);
		expect(one.end()).toMatchObject({ kind: { family: 'audio' } });
	});

	it('knows nothing of other bytes', () => {
		expect(probe(text('\0\x01\x02random'))).toBeUndefined();
	});
});
