import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Contents } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/contents';
import { jobErrorOf } from '../support/failures';
import { PNG, createContents, createPicture, createVoice } from '../support/job';

describe('the content of a file', () => {
	it('has the digest of all its bytes', async () => {
		const { sha256 } = await createContents().of('image', createPicture());
		expect(sha256).toBe(createHash('sha256').update(PNG).digest('hex'));
	});

	it('is read once, however many items have the file', async () => {
		const [contents, file] = [createContents(), createVoice()];
		await Promise.all([contents.of('leftAudio', file), contents.of('rightAudio', file)]);
		await contents.of('leftAudio', { ...file });
		expect(file.opened).toBe(1);
	});

	it('of a wrong kind is not read to its end', async () => {
		let read = 0;
		const pieces = function* () {
			for (; read < 1000; read++) yield Buffer.concat([PNG, Buffer.alloc(64 * 1024)]);
		};
		const stream = Readable.from(pieces());
		const file = createVoice({ open: async () => await Promise.resolve(stream) });
		const { found } = await createContents().of('leftAudio', file);
		expect(found).toMatchObject({ kind: { type: 'image/png' } });
		expect(read).toBeLessThan(30);
		expect(stream.destroyed).toBe(true);
	});

	it('lets n8n do other things within a chunk of many megabytes', async () => {
		const large = Buffer.concat([PNG, Buffer.alloc(20 * 1024 * 1024)]);
		const sha256 = createHash('sha256').update(large).digest('hex');
		let pauses = 0;
		const reader = new Contents(async () => {
			pauses++;
		});
		const file = createPicture({ open: async () => await Promise.resolve(Readable.from([large])) });
		expect(await reader.of('image', file)).toMatchObject({ sha256 });
		expect(pauses).toBe(20);
	});

	it('that cannot be read fails the item, with the field and the next step', async () => {
		const open = async () => await Promise.reject(new Error('ENOENT: /secret/path'));
		const file = createVoice({ name: 'gone.wav', open });
		const failure = await jobErrorOf(createContents().of('rightAudio', file));
		expect(failure.message).toBe('Right Audio: the file "gone.wav" could not be read');
		expect(failure.advice).toContain('Run the workflow');
		expect(failure.details).toEqual({ step: 'check', input: 'rightAudio' });
	});
});
