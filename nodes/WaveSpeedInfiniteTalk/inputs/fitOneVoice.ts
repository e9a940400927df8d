/** The files of a video of one person: nothing is to be made to fit. */
import type { ByInput } from '../errors/inputNames';
import { inputEntries } from '../errors/inputNames';
import { jobError } from '../errors/jobError';
import type { Contents } from './contents';
import type { CheckedRequest, FileMedia, FittedRequest } from './request';
import { tooLongReason, videoSeconds, voiceHints } from './voiceLengths';

/**
 * Reads each file once, for its digest and its length. Afterwards the `identity` of a file is the SHA-256 of
 * its content.
 *
 * @throws JobError that names the field, when a file cannot be read or the voice is too long
 */
export async function fitOneVoice(
	request: CheckedRequest,
	contents: Pick<Contents, 'of'>,
): Promise<FittedRequest> {
	const media: ByInput<FileMedia> = {};
	let seconds: number | undefined;
	for (const [input, given] of inputEntries(request.media as ByInput<FileMedia>)) {
		const content = await contents.of(input, given.file);
		media[input] = { ...given, file: { ...given.file, identity: content.sha256 } };
		if (input === 'audio') seconds = content.seconds;
	}
	const lengths = { audio: seconds };
	const reason = tooLongReason(lengths, 'meanwhile', request.model);
	if (reason) {
		throw jobError(
			`Audio: ${reason}`,
			'Use a shorter voice, or another Model if one in the options makes longer videos.',
			{ step: 'check', input: 'audio' },
		);
	}
	const durationS = videoSeconds(lengths, 'meanwhile');
	return {
		...request,
		media,
		hints: [
			...inputEntries(media).flatMap(([, { hints = [] }]) => hints),
			...voiceHints(lengths, 'meanwhile', request.model),
		],
		...(durationS !== undefined && { durationS }),
	};
}
