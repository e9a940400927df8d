/** Checks a file that is to be uploaded by its bytes. */
import type { Contents } from './contents';
import { otherWay, showAddress } from './links';
import { EXTENSIONS, FORMATS, uploadName } from './fileName';
import { shorten } from '../shared/characters';
import type { Problem } from '../shared/problem';
import type { FileType } from '../probe/signatures';
import { LOGIN_ADVICE } from '../probe/text';
import { jobError } from '../errors/jobError';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS, kindOf } from '../errors/inputNames';
import type { FileMedia, LocalFile } from './request';

/** Largest file that is uploaded, in bytes: the upload ticket's likely cap (200 MiB). */
export const MAX_FILE_BYTES = 200 * 1024 * 1024;

const SWAP_ADVICE =
	'The files may be swapped: check which file each field uses, and the order of the inputs of a Merge node before this one.';

const WANTED = { image: 'a picture', audio: 'a sound file' } as const;

/**
 * The file with the type that its bytes tell, under the name that is sent. Reads it, unless it has been read
 * before.
 *
 * @throws JobError when it is empty, too large, damaged, of a format that the field does not take, or when
 * nothing can be seen or heard in it
 */
export async function checkFile(
	input: InputName,
	file: LocalFile,
	contents: Pick<Contents, 'of'>,
): Promise<FileMedia> {
	const label = INPUT_LABELS[input];
	const family = kindOf(input);
	const [wanted, list] = [WANTED[family], FORMATS[family]];
	const name = `"${shorten(file.name)}"`;
	const refuse = ({ message, advice }: Problem, subject = `the file ${name}`) =>
		jobError(`${label}: ${subject} ${message}`, advice, { step: 'check', input });
	const address = file.url === undefined ? undefined : showAddress(file.url);
	if (file.size === 0) {
		const problem = {
			message: 'is empty',
			advice: 'Check the node that made it: its output has no content.',
		};
		const ofUrl = { message: 'returned an empty file', advice: 'Check what is at that URL.' };
		throw address === undefined ? refuse(problem) : refuse(ofUrl, address);
	}
	if (file.size > MAX_FILE_BYTES) {
		throw refuse({
			message: `is too large: ${megabytes(file.size)}, but the limit is ${megabytes(MAX_FILE_BYTES)}`,
			advice: 'Make it smaller (MP3 instead of WAV, JPG instead of PNG).',
		});
	}
	const { found } = await contents.of(input, file);
	if (!found) {
		const type = shorten(file.declaredType) || 'no type';
		throw refuse({
			message: `(${type}) is not ${wanted} in a supported format`,
			advice: `Use ${list}.`,
		});
	}
	if (!('kind' in found)) throw refuse(found);
	const { kind, problem, notes = [] } = found;
	// A drawing and a playlist are files as well.
	if (file.url !== undefined && kind.family === 'text' && !/^(image|audio)\//.test(kind.type)) {
		const ofKind = (kind.advice ?? '').replace(LOGIN_ADVICE, '').trim();
		const advice = `${otherWay(new URL(file.url))} ${ofKind}`.trim();
		throw refuse({ message: `returned ${kind.label}, not a file`, advice }, address);
	}
	if (kind.family !== family || !(kind.type in EXTENSIONS)) {
		throw refuse({
			message: `is ${kind.label}, ${kind.family === family ? 'which WaveSpeed does not support' : `not ${wanted}`}`,
			advice: `Use ${list}. ${adviseOnType(kind, family)}`.trim(),
		});
	}
	if (problem) throw refuse(problem);
	const sent = uploadName(file.name, kind.type, family === 'image' ? 'image' : 'voice');
	return {
		file: sent === file.name ? file : { ...file, name: sent },
		type: kind.type,
		notes: notes.map((note) => `${label}: the file ${name} ${note}.`),
	};
}

function adviseOnType({ family, advice = '' }: FileType, wanted: 'image' | 'audio'): string {
	const isSwapped = family !== wanted && (family === 'image' || family === 'audio');
	if (isSwapped) return SWAP_ADVICE;
	return family === 'video' && wanted === 'image' ? '' : advice;
}

/** Bytes in words. */
export function megabytes(bytes: number): string {
	return `${Math.ceil((bytes / (1024 * 1024)) * 10) / 10} MiB`;
}
