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

/** Behind header and side information, whose length depends on MPEG version and channels. */
const MARK = /^(?:.{13}|.{21}|.{36})(Xing|Info)|^.{36}VBRI/s;
const HAS_FRAMES = 1;
/** Encoders that put delay and padding where LAME has them. */
const LAME_LIKE = /LAME|Lavf|Lavc|L3\.99/;
const LAME_DELAY_AT = 21;

/**
 * @param frame the first bytes of a frame
 * @returns undefined when the frame holds sound
 */
export function parseMp3Info(frame: Buffer): Mp3Info | undefined {
	const text = frame.toString('latin1');
	const mark = MARK.exec(text);
	if (!mark) return undefined;
	const flagsAt = mark[0].length;
	const isCounted =
		mark[1] && frame.length >= flagsAt + 8 && frame.readUInt32BE(flagsAt) & HAS_FRAMES;
	const frames = isCounted ? frame.readUInt32BE(flagsAt + 4) : undefined;
	const encoder = LAME_LIKE.exec(text);
	const gapsAt = (encoder?.index ?? 0) + LAME_DELAY_AT;
	const gaps = encoder && frame.length >= gapsAt + 3 ? frame.readUIntBE(gapsAt, 3) : 0;
	return { frames, delay: gaps >> 12, padding: gaps & 0xfff };
}
