import { expect, it } from '@jest/globals';
import { multipartForm } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/multipart';
import { readAll } from '../support/http';
import { createFile } from '../support/job';

const CONTENT = Buffer.from([0, 13, 10, 45, 45, 255, 0]);

it.each([
	['left.wav', 'audio/wav', 'left.wav', 'audio/wav'],
	['ünï.wav', '', 'ünï.wav', 'application/octet-stream'],
	// It cannot break out of its header.
	['a"; name="x\r\nX-Evil: 1\r\n\r\n\\.wav', 'x/y', 'a_; name=_x__X-Evil: 1_____.wav', 'x/y'],
])('%j of the type "%s" is the only part, of the announced length', async (...row) => {
	const [name, type, sentName, sentType] = row;
	const { body, contentType } = multipartForm(createFile(CONTENT, { name }), type);
	const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(contentType)![1]!;
	const bytes = await readAll(await body.open());
	const head = [
		`--${boundary}`,
		`Content-Disposition: form-data; name="file"; filename="${sentName}"`,
		`Content-Type: ${sentType}`,
		'\r\n',
	].join('\r\n');
	const tail = `\r\n--${boundary}--\r\n`;
	expect(bytes).toEqual(Buffer.concat([Buffer.from(head), CONTENT, Buffer.from(tail)]));
	expect(bytes).toHaveLength(body.size);
});
