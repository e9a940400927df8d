import { expect, it } from '@jest/globals';
import { silentWav, silentWavSize } from '../../../nodes/WaveSpeedInfiniteTalk/tracks/silence';
import { probe } from '../probe/support/measure';

it.each([1, 3.3, 12.34567, 600])(
	'%d seconds are as long and as big as told, and silent',
	(seconds) => {
		const file = Buffer.concat([...silentWav(seconds)]);
		const samples = Math.round(seconds * 16_000);
		expect(file).toHaveLength(silentWavSize(seconds));
		expect(silentWavSize(seconds)).toBe(44 + samples * 2);
		const { seconds: measured, wav } = probe(file);
		expect(measured).toBe(samples / 16_000);
		expect(wav?.format).toMatchObject({
			encoding: 'pcm',
			channels: 1,
			sampleRate: 16_000,
			bitsPerSample: 16,
			byteRate: 32_000,
			blockAlign: 2,
		});
		expect(file.readUInt32LE(4)).toBe(file.length - 8);
		expect(file.subarray(44).every((byte) => byte === 0)).toBe(true);
	},
);

it('an hour is never in memory: its chunks are small and are made one by one', () => {
	let bytes = 0;
	const buffers = new Set<ArrayBufferLike>();
	for (const chunk of silentWav(3600)) {
		expect(chunk.length).toBeLessThanOrEqual(65_536);
		bytes += chunk.length;
		buffers.add(chunk.buffer);
	}
	expect(bytes).toBe(silentWavSize(3600));
	expect(buffers.size).toBeLessThanOrEqual(2);
});

it.each([-1, NaN, Infinity, 200_000])('%d seconds are refused', (seconds) => {
	expect(() => silentWavSize(seconds)).toThrow(RangeError);
	expect(() => silentWav(seconds).next()).toThrow(RangeError);
});
