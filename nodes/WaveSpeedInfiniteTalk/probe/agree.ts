/** Seconds by which the sounds of one file may differ and still have one length. */
const TOLERANCE_S = 0.1;

/**
 * The length of a file with these sounds, if they agree. The player chooses which one it plays, so
 * lengths that differ are no length.
 *
 * @param seconds of each sound in the file; undefined where it is not known
 */
export function agreedSeconds(seconds: ReadonlyArray<number | undefined>): number | undefined {
	const [first] = seconds;
	const isSame = (other: number | undefined) =>
		first !== undefined && other !== undefined && Math.abs(other - first) <= TOLERANCE_S;
	return seconds.every(isSame) ? first : undefined;
}
