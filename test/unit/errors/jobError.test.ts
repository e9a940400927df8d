import { expect, it } from '@jest/globals';
import {
	JobError,
	combineErrors,
	jobError,
} from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import {
	fromStoredError,
	toStoredError,
} from '../../../nodes/WaveSpeedInfiniteTalk/errors/storedError';

function error(message: string, advice: string): JobError {
	return jobError(message, advice, { step: 'check' });
}

const empty = (field: string) => error(`${field}: the file "a" is empty`, 'Look at its node.');
const image = empty('Image');
const seed = error('Seed: "x" is no number', 'Use a number.');

it.each<[string, JobError[], string, string]>([
	['one', [seed], seed.message, seed.advice],
	['the same one twice', [image, image], image.message, image.advice],
	[
		'the same mistake in several fields',
		[empty('Image'), empty('Left Audio'), empty('Right Audio')],
		'Image, Left Audio, and Right Audio: the file "a" is empty',
		'Look at its node.',
	],
	[
		'mistakes of which two are the same',
		[empty('Left Audio'), seed, empty('Right Audio')],
		'Left Audio and Right Audio: the file "a" is empty. Seed: "x" is no number',
		'Left Audio and Right Audio: Look at its node. Seed: Use a number.',
	],
	[
		'the same mistake with other advice',
		[empty('Image'), error('Left Audio: the file "a" is empty', 'Speak up.')],
		'Image: the file "a" is empty. Left Audio: the file "a" is empty',
		'Image: Look at its node. Left Audio: Speak up.',
	],
	[
		'mistakes without a field',
		[error('All is wrong', 'Stop.'), error('All is wrong', 'Stop.')],
		'All is wrong',
		'Stop.',
	],
])('one error for %s', (_what, errors, message, advice) => {
	expect(combineErrors(errors)).toMatchObject({ message, advice, details: { step: 'check' } });
});

it('an error comes back from storage as it was, and nothing else of it is stored', () => {
	const details = { step: 'result', id: 'job-a', status: 'failed', code: 1403 } as const;
	const stored = toStoredError(jobError('No faces', 'Use another picture.', details));
	expect(stored).toEqual({ message: 'No faces', advice: 'Use another picture.', details });
	expect(fromStoredError(stored)).toBeInstanceOf(JobError);
	expect(fromStoredError(stored)).toMatchObject(stored);
});
