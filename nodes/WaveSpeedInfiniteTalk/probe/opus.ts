/** How long an Opus packet is, by its first two bytes (RFC 6716, section 3.1). */

/** Samples a second that Opus always counts in. */
export const OPUS_RATE = 48_000;

/** Samples of one frame by the coding mode's last bits: SILK, hybrid and CELT. */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/**
 * @param toc first byte of the packet; none of a packet without bytes
 * @param count second byte
 * @returns samples at 48 kHz
 */
export function opusSamples(toc: number | undefined, count = 0): number {
	if (toc === undefined) return 0;
	const config = toc >> 3;
	const samples =
		config < 12 ? SILK[config & 3] : config < 16 ? HYBRID[config & 1] : CELT[config & 3];
	const code = toc & 3;
	const frames = code === 0 ? 1 : code === 3 ? count & 0x3f : 2;
	return (samples ?? 0) * frames;
}
