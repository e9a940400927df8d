/** File formats that are known by their first bytes. */

export type Family = 'image' | 'audio' | 'video' | 'text' | 'other';

export interface FileType {
	family: Family;
	/** Media type. */
	type: string;
	/** The format in words, with its article. */
	label: string;
	/** What to do about it where it is not wanted. */
	advice?: string;
}

/** Brands of pictures in the container of MP4 that tell the codec further on only. */
const ANY_CODEC = '....ftyp([mM]i..|msf1|vvic)';
/** Two headers of MP3 without a bitrate, which are the same but for the bit of padding. */
const FREE_FORMAT = '\xff([\xe2-\xe7\xf2-\xf7\xfa-\xff])[\0-\x0b].+\xff\\2[\0-\x0b]';

/**
 * In order: the first whose pattern fits the first bytes, as Latin-1 text, wins. A dot is any byte. The
 * containers of sound are here as well: what is in them is told by their parsers.
 */
const FORMATS: ReadonlyArray<readonly [type: string, label: string, pattern: string]> = [
	['image/png', 'a PNG picture', '\x89PNG\r\n\x1a\n'],
	['image/jpeg', 'a JPEG picture', '\xff\xd8\xff'],
	['image/gif', 'a GIF picture', 'GIF8[79]a'],
	['image/webp', 'a WebP picture', 'RIFF....WEBP'],
	['image/x-raw', 'a camera raw picture', 'II\\*\0....CR|IIRO|IIU\0|FUJIFILMCCD-RAW|....ftypcrx '],
	['image/tiff', 'a TIFF picture', 'II\\*\0|MM\0\\*'],
	// The mark alone is too little to go by: the size of the second header tells.
	['image/bmp', 'a BMP picture', 'BM.{12}[\x0c(48@l|]\0\0\0'],
	['image/jp2', 'a JPEG 2000 picture', '\0\0\0\x0cjP|\xff\x4f\xff\x51|....ftypjp[2xm]'],
	['image/jxl', 'a JPEG XL picture', '\0\0\0\x0cJXL |\xff\x0a'],
	['image/avif', 'an AVIF picture', `....ftypavi[fso]|${ANY_CODEC}.{4}(.{4}){0,9}avi[fs]`],
	['image/heic', 'a HEIC picture', `....ftyphe[iv][cxms]|${ANY_CODEC}.{4}(.{4}){0,9}he[iv][cxms]`],
	['image/heif', 'a HEIF picture', ANY_CODEC],
	['image/x-icon', 'an ICO icon', '\0\0[\x01\x02]\0.\0...\0.{10}\0\0'],
	['image/vnd.adobe.photoshop', 'a Photoshop (PSD) picture', '8BPS'],
	// What is behind the tag decides.
	['audio/mpeg', 'an MP3 file', 'ID3[\x03\x04]'],
	['audio/wav', 'a WAV file', '(RIFF|RF64|BW64)....WAVE'],
	['audio/x-mp3', 'a free-format MP3 (without a fixed bitrate)', FREE_FORMAT],
	['audio/midi', 'a MIDI file', 'MThd|RIFF....RMID'],
	['audio/flac', 'a FLAC file', 'fLaC'],
	['audio/aiff', 'an AIFF file', 'FORM....AIF'],
	['audio/amr', 'an AMR file', '#!AMR'],
	['audio/x-silk', 'a SILK voice message', '.?#!SILK_V3'],
	['audio/x-caf', 'a CAF file', 'caff\0\x01'],
	['application/ogg', 'an Ogg file', 'OggS'],
	['video/webm', 'a WebM file', '\x1a\x45\xdf\xa3'],
	['video/x-msvideo', 'an AVI video', 'RIFF....AVI '],
	['video/x-ms-asf', 'a Windows Media (WMA, WMV) file', '\x30\x26\xb2\x75\x8e\x66\xcf\x11'],
	['video/x-flv', 'a Flash video', 'FLV\x01'],
	['video/mpeg', 'an MPEG video', '\0\0\x01[\xba\xb3]'],
	['video/mp2t', 'an MPEG transport stream', 'G.{187}G.{187}G'],
	['video/iso.segment', 'a piece of an MP4 stream', '\0...(styp|moof|sidx)'],
	// Old QuickTime files begin without a brand, with a box of less than 512 MiB.
	['video/mp4', 'an MP4 file', '....ftyp|[\0-\x1f]...(moov|mdat|wide|free|skip|pnot)'],
	['application/pdf', 'a PDF document', '%PDF'],
	['application/zip', 'a ZIP archive', 'PK(\x03\x04|\x05\x06)'],
	['application/zlib', 'compressed (zlib)', 'x[\x01\x9c\xda]'],
	['application/gzip', 'a gzip archive', '\x1f\x8b'],
];
const SIGNATURES = FORMATS.map(([type, label, pattern]) => ({
	kind: { family: familyOf(type), type, label },
	pattern: new RegExp(`^(${pattern})`, 's'),
}));
/** All patterns are shorter, and two frames of MP3 as a rule. */
const HEAD_BYTES = 4096;

function familyOf(type: string): Family {
	const main = type.split('/')[0];
	return main === 'image' || main === 'audio' || main === 'video' ? main : 'other';
}

/** The format whose first bytes these are, or undefined. */
export function findFormat(head: Buffer): FileType | undefined {
	const text = head.toString('latin1', 0, HEAD_BYTES);
	return SIGNATURES.find(({ pattern }) => pattern.test(text))?.kind;
}
