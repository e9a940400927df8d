import { wav } from '../../probe/support/build';

/** A silent WAV file: 16 kHz, mono, 16 bit. */
export function silentWav(seconds: number): Buffer {
	return wav(Buffer.alloc(Math.round(seconds * 16_000) * 2), { rate: 16_000 });
}
