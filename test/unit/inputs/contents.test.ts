import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Contents } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/contents';
import { wav } from '../probe/support/build';
import { problemOf } from '../support/failures';
import { PNG, createFile, createPicture, createVoice } from '../support/job';

describe('the content of a file', () => {
	it('has the digest of all its bytes', async () => {
		const { sha256 } = await new Contents().of('image', createPicture());
		expect(sha256).toBe(createHash('sha256').update(PNG).digest('hex'));
	});

	it('is the same for a buffer as for a stream', async () => {
		const contents = new Contents();
		const inMemory = createPicture({ open: async () => await Promise.resolve(PNG) });
		expect(await contents.of('image', inMemory)).toEqual(
			await contents.of('image', createPicture()),
		);
	});

	it('is read once, however many items have the file', async () => {
		const [contents, file] = [new Contents(), createVoice()];
		await Promise.all([contents.of('leftAudio', file), contents.of('rightAudio', file)]);
		await contents.of('leftAudio', { ...file });
		expect(file.opened).toBe(1);
	});

	it('has a length in seconds only as a voice', async () => {
		const file = createFile(wav(Buffer.alloc(32_000)), { name: 'voice.wav' });
		const contents = new Contents();
		expect((await contents.of('leftAudio', file)).seconds).toBe(2);
		expect(await contents.of('image', file)).not.toHaveProperty('seconds');
	});

	it('that cannot be read fails the item, with the field and the next step', async () => {
		const open = async () => await Promise.reject(new Error('ENOENT: /secret/path'));
		const file = createVoice({ name: 'gone.wav', open });
		const failure = await problemOf(new Contents().of('rightAudio', file));
		expect(failure.message).toBe('Right Audio: the file "gone.wav" could not be read');
		expect(failure.advice).toContain('Run the workflow');
		expect(failure.details).toEqual({ step: 'check', input: 'rightAudio' });
	});
});
