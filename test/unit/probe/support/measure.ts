import { DurationMeter } from '../../../../nodes/WaveSpeedInfiniteTalk/probe/duration';
import type { WavLayout } from '../../../../nodes/WaveSpeedInfiniteTalk/probe/wav';

/** Seconds of these bytes, pushed in chunks of this size. */
export function measure(bytes: Buffer, chunkBytes = 64 * 1024): number | undefined {
	return measureAll(bytes, chunkBytes).seconds;
}

export function measureAll(
	bytes: Buffer,
	chunkBytes = 64 * 1024,
): { seconds: number | undefined; wav: WavLayout | undefined } {
	const meter = new DurationMeter();
	for (const chunk of chunks(bytes, chunkBytes)) meter.push(chunk);
	return { seconds: meter.end(), wav: meter.wav };
}

export function* chunks(bytes: Buffer, chunkBytes: number): Generator<Buffer> {
	for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}
