/** The parsers of sound and video containers, by the first bytes of a file. */
import type { ProbeParser } from './finding';
import { probeFlac } from './flac';
import { probeMp4 } from './mp4';
import { probeOgg } from './ogg';
import type { FileType } from './signatures';
import { probeWav } from './wav';
import { probeWebm } from './webm';

/** In order: the first whose pattern fits the first bytes, as Latin-1 text, wins. */
const CONTAINERS: ReadonlyArray<readonly [RegExp, ProbeParser]> = [
	[/^(RIFF|RIFX|RF64|BW64)[^]{4}WAVE/, probeWav],
	[/^OggS/, probeOgg],
	[/^fLaC/, probeFlac],
	[/^.\x45\xdf\xa3/, probeWebm],
	[/^[^]{4}ftyp/, probeMp4],
	// Old QuickTime files begin without a brand, with a box of less than 512 MiB.
	[/^[^ -\xff][^]{3}(moov|mdat|wide|free|skip|pnot)/, probeMp4],
];

/** The parser for a file that begins with these bytes, or undefined. */
export function findContainer(head: Buffer): ProbeParser | undefined {
	const text = head.toString('latin1', 0, 16);
	return CONTAINERS.find(([pattern]) => pattern.test(text))?.[1];
}

/** Pictures in the container of MP4 (ISO/IEC 23008-12), by their brands: the first that fits, major one first. */
const PICTURES: ReadonlyArray<readonly [RegExp, type: string, label: string]> = [
	[/^avi[fso]/, 'image/avif', 'an AVIF picture'],
	[/^(mif[12]|msf1|miaf|mi.f|MiH|MiP|vvic).* avi[fs]/, 'image/avif', 'an AVIF picture'],
	[/^he(ic|ix|im|is|vc|vx|vm|vs)/, 'image/heic', 'a HEIC picture'],
	[/^(mif[12]|msf1|miaf|mi.f|MiH|MiP|vvic).* he(i[cxms]|v[cxms])/, 'image/heif', 'a HEIC picture'],
	[/^(mif[12]|msf1|miaf|mi.f|MiH|MiP|vvic)/, 'image/heif', 'a HEIF picture'],
	[/^crx /, 'image/x-canon-cr3', 'a camera raw picture (CR3)'],
	[/^jp[2xm]/, 'image/jp2', 'a JPEG 2000 picture'],
];

/** The kind of a picture in the container of MP4, or undefined. */
export function findIsoPicture(head: Buffer): FileType | undefined {
	if (head.toString('latin1', 4, 8) !== 'ftyp') return undefined;
	const size = Math.min(head.readUInt32BE(0), head.length);
	// The major brand, four bytes of its version, then the compatible ones.
	let brands = head.toString('latin1', 8, 12);
	for (let at = 16; at + 4 <= size; at += 4) brands += ` ${head.toString('latin1', at, at + 4)}`;
	const found = PICTURES.find(([pattern]) => pattern.test(brands));
	return found && { family: 'image', type: found[1], label: found[2] };
}
