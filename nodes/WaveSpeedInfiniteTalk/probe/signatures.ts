/** File formats that are known by fixed bytes at fixed places. */

export type Family = 'image' | 'audio' | 'video' | 'text' | 'other';

export interface FileType {
	family: Family;
	/** Media type. */
	type: string;
	/** The format in words, with its article. */
	label: string;
	/** What to do about it where it is not wanted. */
	hint?: string;
}

interface Signature extends FileType {
	/** Position and bytes (as Latin-1 text) that must be there. */
	marks: ReadonlyArray<readonly [number, string]>;
}

type Mark = readonly [number, string];

function sign(type: string, label: string, ...marks: Mark[]): Signature {
	const main = type.split('/')[0];
	const family = main === 'image' || main === 'audio' || main === 'video' ? main : 'other';
	return { family, type, label, marks };
}

/** Sizes in the second header of a BMP: the mark "BM" alone is too little to go by. */
const BMP_HEADERS = ['\x0c', '\x28', '\x34', '\x38', '\x40', '\x6c', '\x7c'];

/** In order: the first whose marks are all there wins. */
const SIGNATURES: readonly Signature[] = [
	sign('image/png', 'a PNG picture', [0, '\x89PNG\r\n\x1a\n']),
	sign('image/jls', 'a JPEG-LS picture', [0, '\xff\xd8\xff\xf7']),
	sign('image/jpeg', 'a JPEG picture', [0, '\xff\xd8\xff']),
	sign('image/gif', 'a GIF picture', [0, 'GIF87a']),
	sign('image/gif', 'a GIF picture', [0, 'GIF89a']),
	sign('image/webp', 'a WebP picture', [0, 'RIFF'], [8, 'WEBP']),
	sign('image/x-canon-cr2', 'a camera raw picture (CR2)', [0, 'II*\0'], [8, 'CR']),
	sign('image/tiff', 'a TIFF picture', [0, 'II*\0']),
	sign('image/tiff', 'a TIFF picture', [0, 'MM\0*']),
	...BMP_HEADERS.map((size) =>
		sign('image/bmp', 'a BMP picture', [0, 'BM'], [14, `${size}\0\0\0`]),
	),
	sign('image/jp2', 'a JPEG 2000 picture', [0, '\0\0\0\x0cjP']),
	sign('image/jp2', 'a JPEG 2000 picture', [0, '\xff\x4f\xff\x51']),
	sign('image/jxl', 'a JPEG XL picture', [0, '\0\0\0\x0cJXL ']),
	sign('image/jxl', 'a JPEG XL picture', [0, '\xff\x0a']),
	sign('image/jxr', 'a JPEG XR picture', [0, 'II\xbc']),
	sign('image/x-icon', 'an ICO icon', [0, '\0\0\x01\0'], [5, '\0'], [9, '\0'], [20, '\0\0']),
	sign('image/x-icon', 'a CUR cursor', [0, '\0\0\x02\0'], [5, '\0'], [9, '\0'], [20, '\0\0']),
	sign('image/icns', 'an ICNS icon', [0, 'icns']),
	sign('image/vnd.adobe.photoshop', 'a Photoshop (PSD) picture', [0, '8BPS']),
	sign('image/x-xcf', 'a GIMP (XCF) picture', [0, 'gimp xcf']),
	sign('image/x-exr', 'an OpenEXR picture', [0, '\x76\x2f\x31\x01']),
	sign('image/vnd.radiance', 'a Radiance HDR picture', [0, '#?RADIANCE']),
	sign('image/vnd.ms-dds', 'a DDS picture', [0, 'DDS |\0\0\0']),
	sign('image/qoi', 'a QOI picture', [0, 'qoif']),
	sign('image/bpg', 'a BPG picture', [0, 'BPG\xfb']),
	sign('image/x-olympus-orf', 'a camera raw picture (ORF)', [0, 'IIRO']),
	sign('image/x-panasonic-rw2', 'a camera raw picture (RW2)', [0, 'IIU\0']),
	sign('image/x-fuji-raf', 'a camera raw picture (RAF)', [0, 'FUJIFILMCCD-RAW']),
	sign('image/x-pcx', 'a PCX picture', [0, '\x0a\x05\x01\x08']),
	...['1', '2', '3', '4', '5', '6'].map((kind) =>
		sign('image/x-portable-anymap', 'a PNM picture', [0, `P${kind}\n`]),
	),
	sign('image/emf', 'an EMF drawing', [0, '\x01\0\0\0'], [40, ' EMF']),
	sign('image/wmf', 'a WMF drawing', [0, '\xd7\xcd\xc6\x9a']),
	sign('audio/wav', 'a WAV file', [0, 'RIFF'], [8, 'WAVE']),
	sign('audio/wav', 'a WAV file', [0, 'RF64'], [8, 'WAVE']),
	sign('audio/midi', 'a MIDI file', [0, 'MThd']),
	sign('audio/midi', 'a MIDI file', [0, 'RIFF'], [8, 'RMID']),
	sign('video/x-msvideo', 'an AVI video', [0, 'RIFF'], [8, 'AVI ']),
	sign('audio/flac', 'a FLAC file', [0, 'fLaC']),
	sign('audio/aac', 'an AAC file', [0, 'ADIF']),
	sign('audio/aiff', 'an AIFF file', [0, 'FORM'], [8, 'AIF']),
	sign('audio/amr', 'an AMR file', [0, '#!AMR']),
	sign('audio/x-silk', 'a SILK voice message', [0, '#!SILK_V3']),
	sign('audio/x-silk', 'a SILK voice message', [1, '#!SILK_V3']),
	sign('audio/x-caf', 'a CAF file', [0, 'caff\0\x01']),
	sign('audio/basic', 'an AU file', [0, '.snd\0\0\0']),
	sign('audio/ac3', 'an AC-3 file', [0, '\x0b\x77']),
	sign('audio/x-wavpack', 'a WavPack file', [0, 'wvpk']),
	sign('audio/x-ape', "a Monkey's Audio file", [0, 'MAC '], [5, '\x0f']),
	sign('audio/x-musepack', 'a Musepack file', [0, 'MPCK']),
	sign('audio/x-tta', 'a TTA file', [0, 'TTA1']),
	sign('audio/x-dsf', 'a DSD file', [0, 'DSD ']),
	sign('audio/aax', 'an Audible file', [4, '\x57\x90\x75\x36']),
	sign('video/x-ms-asf', 'a Windows Media (WMA, WMV) file', [
		0,
		'\x30\x26\xb2\x75\x8e\x66\xcf\x11',
	]),
	sign('video/x-flv', 'a Flash video', [0, 'FLV\x01']),
	sign('video/mpeg', 'an MPEG video', [0, '\0\0\x01\xba']),
	sign('video/mpeg', 'an MPEG video', [0, '\0\0\x01\xb3']),
	sign('video/mp2t', 'an MPEG transport stream', [0, 'G'], [188, 'G'], [376, 'G']),
	...['styp', 'moof', 'sidx'].map((box) =>
		sign('video/iso.segment', 'a piece of an MP4 stream', [0, '\0'], [4, box]),
	),
	sign('video/vnd.rn-realvideo', 'a RealMedia file', [0, '.RMF\0']),
	sign('video/x-ivf', 'an IVF video', [0, 'DKIF']),
	sign('application/pdf', 'a PDF document', [0, '%PDF']),
	sign('application/postscript', 'a PostScript drawing', [0, '%!PS']),
	sign('application/postscript', 'a PostScript drawing', [0, '\xc5\xd0\xd3\xc6']),
	sign('application/rtf', 'an RTF document', [0, '{\\rtf']),
	sign('application/zip', 'a ZIP archive', [0, 'PK\x03\x04']),
	sign('application/zip', 'a ZIP archive', [0, 'PK\x05\x06']),
	...['\x01', '\x9c', '\xda'].map((level) =>
		sign('application/zlib', 'compressed (zlib)', [0, `x${level}`]),
	),
	sign('application/gzip', 'a gzip archive', [0, '\x1f\x8b']),
	sign('application/x-7z-compressed', 'a 7z archive', [0, '7z\xbc\xaf\x27\x1c']),
	sign('application/x-rar-compressed', 'a RAR archive', [0, 'Rar!\x1a\x07']),
	sign('application/x-xz', 'an XZ archive', [0, '\xfd7zXZ\0']),
	sign('application/zstd', 'a Zstandard archive', [0, '\x28\xb5\x2f\xfd']),
	sign('application/x-bzip2', 'a bzip2 archive', [0, 'BZh'], [4, '1AY&SY']),
	sign('application/x-tar', 'a TAR archive', [257, 'ustar']),
	sign('application/x-msdownload', 'a program', [0, 'MZ'], [3, '\0']),
	sign('application/x-elf', 'a program', [0, '\x7fELF']),
	sign('application/x-ole-storage', 'an Office document', [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']),
	sign('application/x-openssl', 'an encrypted file', [0, 'Salted__']),
];

/** The format whose fixed bytes the file begins with, or undefined. */
export function findSignature(head: Buffer): FileType | undefined {
	return findIn(SIGNATURES, head);
}

function findIn(signatures: readonly Signature[], head: Buffer): FileType | undefined {
	const text = head.toString('latin1');
	const found = signatures.find(({ marks }) =>
		marks.every(([at, bytes]) => text.startsWith(bytes, at)),
	);
	if (!found) return undefined;
	const { family, type, label } = found;
	return { family, type, label };
}

/** Containers of sound or video, which are told apart by their tracks. */
const CONTAINERS: readonly Signature[] = [
	sign('application/ogg', 'an Ogg file', [0, 'OggS']),
	sign('video/webm', 'a WebM file', [0, '\x1a\x45\xdf\xa3']),
	sign('video/mp4', 'an MP4 file', [4, 'ftyp']),
	sign('audio/mpeg', 'an MP3 file', [0, 'ID3\x03']),
	sign('audio/mpeg', 'an MP3 file', [0, 'ID3\x04']),
];

/** Any format, containers included, as far as the first bytes tell. */
export function findFormat(head: Buffer): FileType | undefined {
	return findSignature(head) ?? findIn(CONTAINERS, head);
}
