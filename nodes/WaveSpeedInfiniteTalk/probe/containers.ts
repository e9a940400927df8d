/** The parsers of containers, by the first bytes of a file. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding, ProbeParser } from './finding';
import { measureFlac } from './flac';
import { measureFrames } from './frames';
import { measureMp4 } from './mp4';
import { measureOgg } from './ogg';
import type { FileType } from './signatures';
import { measureWav } from './wav';
import { measureWebm } from './webm';

/** In order: the first whose pattern fits the first bytes, as Latin-1 text, wins. */
const CONTAINERS: ReadonlyArray<readonly [RegExp, ProbeParser]> = [
	[/^(RIFF|RIFX|RF64|BW64)[^]{4}WAVE/, probeWav],
	[/^OggS/, withLength('audio/ogg', 'an Ogg file', measureOgg)],
	[/^fLaC/, withLength('audio/flac', 'a FLAC file', measureFlac)],
	[/^.\x45\xdf\xa3/, withLength('audio/webm', 'a WebM file', measureWebm)],
	[
		/^[^]{4}(ftyp|moov|mdat|wide|free|skip|pnot)/,
		withLength('audio/mp4', 'an M4A file', measureMp4),
	],
	[/^\xff[\xe2-\xef\xf2-\xff]/, withLength('audio/mpeg', 'an MP3 file', measureFrames)],
	[/^\xff[\xf0\xf1\xf8\xf9]/, withLength('audio/aac', 'an AAC file', measureFrames)],
];

/** The parser for a file that begins with these bytes, or undefined. */
export function findContainer(head: Buffer): ProbeParser | undefined {
	const text = head.toString('latin1', 0, 16);
	return CONTAINERS.find(([pattern]) => pattern.test(text))?.[1];
}

function withLength(type: string, label: string, measure: (queue: ByteQueue) => Parser) {
	const kind: FileType = { family: 'audio', type, label };
	return function* (queue: ByteQueue): Parser<Finding> {
		yield kind;
		const seconds = yield* measure(queue);
		return { kind, ...(seconds !== undefined && { seconds }) };
	};
}

function* probeWav(queue: ByteQueue): Parser<Finding> {
	const kind: FileType = { family: 'audio', type: 'audio/wav', label: 'a WAV file' };
	yield kind;
	const wav = yield* measureWav(queue);
	const seconds = wav?.seconds;
	return { kind, ...(wav && { wav }), ...(seconds !== undefined && { seconds }) };
}
