/** Checks a file that is to be uploaded by its bytes. */
import { explainUnknown } from '../probe/damage';
import { uploadName } from './fileName';
import { detectFileType } from '../probe/fileType';
import { shorten } from '../shared/characters';
import type { FileType } from '../probe/signatures';
import { jobError } from '../errors/jobError';
import type { FileField } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { FileMedia, LocalFile } from './request';

/** Largest file that is uploaded, in bytes: the upload ticket's likely cap (200 MiB). */
export const MAX_FILE_BYTES = 200 * 1024 * 1024;

const SWAP_ADVICE =
	'The files may be swapped: look at what the three fields name, and at the inputs of a Merge before this node.';

/** What the service reads (wavespeed.ai/docs/upload-files-api). */
const FORMATS = {
	image: {
		family: 'image',
		wanted: 'a picture',
		list: 'JPG, PNG, WebP, GIF, BMP or TIFF',
		types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/bmp', 'image/tiff'],
	},
	audio: {
		family: 'audio',
		wanted: 'a sound file',
		list: 'MP3, WAV, OGG, AAC, FLAC, WebM, M4A or Opus',
		types: [
			'audio/mpeg',
			'audio/wav',
			'audio/ogg',
			'audio/aac',
			'audio/flac',
			'audio/webm',
			'audio/mp4',
		],
	},
} as const;

/**
 * The file with the type that its bytes tell, under the name that is sent.
 *
 * @throws JobError when it is empty, too large, damaged, or of a format that the field does not take
 */
export async function checkFile(input: FileField, file: LocalFile): Promise<FileMedia> {
	const label = INPUT_LABELS[input];
	const format = FORMATS[input === 'image' ? 'image' : 'audio'];
	const name = `"${shorten(file.name)}"`;
	const refuse = (cause: string, advice: string) =>
		jobError(`${label}: the file ${name} ${cause}`, advice, { step: 'check', input });
	if (file.size === 0) {
		throw refuse('is empty', 'Look at the node that made it: its output has no content.');
	}
	if (file.size > MAX_FILE_BYTES) {
		throw refuse(
			`is too large: ${megabytes(file.size)}, and at most ${megabytes(MAX_FILE_BYTES)} can be uploaded`,
			'Make it smaller (MP3 instead of WAV, JPG instead of PNG).',
		);
	}
	const head = await file.head();
	const found = (await detectFileType(file)) ?? explainUnknown(head, file, format.family);
	if (!found) {
		throw refuse(
			`(${shorten(file.declaredType) || 'no type'}) is not ${format.wanted} of a known format`,
			`Use ${format.list}.`,
		);
	}
	if ('fault' in found) throw refuse(found.fault, found.hint);
	if (!(format.types as readonly string[]).includes(found.type)) {
		const isFamily = found.family === format.family;
		throw refuse(
			`is ${found.label}, ${isFamily ? 'which WaveSpeed does not read' : `not ${format.wanted}`}`,
			[`Use ${format.list}.`, adviseOnType(found, format.family)].join(' ').trim(),
		);
	}
	const sent = uploadName(file.name, found.type, input === 'image' ? 'image' : 'voice');
	return {
		file: sent === file.name ? file : { ...file, name: sent },
		type: found.type,
	};
}

function adviseOnType({ family, hint = '' }: FileType, wanted: 'image' | 'audio'): string {
	const isSwapped = family !== wanted && (family === 'image' || family === 'audio');
	if (isSwapped) return SWAP_ADVICE;
	return family === 'video' && wanted === 'image' ? '' : hint;
}

/** Bytes in words. */
export function megabytes(bytes: number): string {
	return `${Math.ceil((bytes / (1024 * 1024)) * 10) / 10} MiB`;
}
