/** The first frame of an MP3 file that holds facts instead of sound: Xing, Info or VBRI. */

export interface Mp3Info {
	/** Frames that follow this one. */
	frames: number | undefined;
	/** Samples that the encoder put in front and at the end; 0 when it does not say so. */
	delay: number;
	padding: number;
}

/** Bytes of the frame that are read at most. */
export const MP3_INFO_BYTES = 192;
/** Samples that every decoder adds in front. */
export const DECODER_DELAY = 529;

const VBRI_AT = 36;
/** Header and side information, by MPEG version and channels. */
const XING_AT = [36, 21, 13];
const HAS_FRAMES = 1;
/** Optional fields by flag: frames, bytes, seek table, quality. */
const XING_FIELDS: ReadonlyArray<readonly [number, number]> = [
	[HAS_FRAMES, 4],
	[2, 4],
	[4, 100],
	[8, 4],
];
/** Encoders that put delay and padding where LAME has them. */
const LAME_LIKE = /^(LAME|Lavf|Lavc|L3\.99)/;
const LAME_DELAY_AT = 21;

/**
 * @param frame the first bytes of a frame
 * @returns undefined when the frame holds sound
 */
export function parseMp3Info(frame: Buffer): Mp3Info | undefined {
	const text = frame.toString('latin1');
	if (text.startsWith('VBRI', VBRI_AT)) {
		const framesAt = VBRI_AT + 14;
		const frames = frame.length >= framesAt + 4 ? frame.readUInt32BE(framesAt) : undefined;
		return { frames, delay: 0, padding: 0 };
	}
	const xing = XING_AT.find((at) => text.startsWith('Xing', at) || text.startsWith('Info', at));
	if (xing === undefined || frame.length < xing + 12) return undefined;
	const flags = frame.readUInt32BE(xing + 4);
	const frames = flags & HAS_FRAMES ? frame.readUInt32BE(xing + 8) : undefined;
	const fields = XING_FIELDS.filter(([flag]) => flags & flag);
	const lame = fields.reduce((at, [, bytes]) => at + bytes, xing + 8);
	const gaps = lame + LAME_DELAY_AT;
	if (!LAME_LIKE.test(text.slice(lame)) || frame.length < gaps + 3) {
		return { frames, delay: 0, padding: 0 };
	}
	const both = frame.readUIntBE(gaps, 3);
	return { frames, delay: both >> 12, padding: both & 0xfff };
}
