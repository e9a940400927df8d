import { expect, it } from '@jest/globals';
import { multipartForm } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/multipart';
import { readAll } from '../support/http';
import { createFile } from '../support/job';

async function read({ body }: ReturnType<typeof multipartForm>): Promise<Buffer> {
	return await readAll(await body.open());
}

const CONTENT = Buffer.from([0, 13, 10, 45, 45, 255, 0]);

it('the form has exactly one part called file, with name, type and bytes', async () => {
	const form = multipartForm(createFile(CONTENT, { name: 'left.wav' }), 'audio/wav');
	const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(form.contentType)![1]!;
	expect(await read(form)).toEqual(
		Buffer.concat([
			Buffer.from(
				`--${boundary}\r\n` +
					'Content-Disposition: form-data; name="file"; filename="left.wav"\r\n' +
					'Content-Type: audio/wav\r\n\r\n',
			),
			CONTENT,
			Buffer.from(`\r\n--${boundary}--\r\n`),
		]),
	);
});

it('the announced length is the true one, and a file of no type is bytes', async () => {
	const form = multipartForm(createFile(CONTENT, { name: 'ünï.wav' }), '');
	const bytes = await read(form);
	expect(bytes).toHaveLength(form.body.size);
	expect(String(bytes)).toContain('Content-Type: application/octet-stream\r\n');
});

it('a name cannot break out of its header', async () => {
	const name = 'a"; name="x\r\nX-Evil: 1\r\n\r\n\\.wav';
	const form = multipartForm(createFile(CONTENT, { name }), 'audio/wav');
	const text = (await read(form)).toString('latin1');
	expect(text.split('\r\n').slice(1, 4)).toEqual([
		'Content-Disposition: form-data; name="file"; filename="a_; name=_x__X-Evil: 1_____.wav"',
		'Content-Type: audio/wav',
		'',
	]);
});
