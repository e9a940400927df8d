/** The tag in front of MP3 files (id3.org/id3v2.4.0-structure). */

/** Bytes of the tag at the beginning, its header included, or undefined when there is none. */
export function id3Bytes(head: Buffer): number | undefined {
	if (head.length < 10 || head.toString('latin1', 0, 3) !== 'ID3') return undefined;
	const sizes = head.subarray(6, 10);
	const isVersion = (head[3] ?? 255) < 5 && head[4] !== 0xff;
	if (!isVersion || sizes.some((byte) => byte >= 0x80)) return undefined;
	return 10 + sizes.reduce((sum, byte) => sum * 128 + byte, 0);
}
