/** Files that n8n keeps in memory: their content is base64 text in the item. */
import { expect, it } from '@jest/globals';
import type { IExecuteFunctions } from 'n8n-workflow';
import { createHash } from 'node:crypto';
import { toLocalFile } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/files';
import { noise } from '../support/media';

const MIB = 1024 * 1024;

it('a large file in memory is read slice by slice, and n8n does other things in between', async () => {
	const content = Buffer.alloc(20 * MIB, noise(999));
	let turns = 0;
	let isRead = false;
	const turn = () => {
		turns++;
		if (!isRead) setImmediate(turn);
	};
	turn();
	const file = await toLocalFile({} as IExecuteFunctions, 'image', {
		// As code may write it, so that slices do not begin at whole bytes.
		data: content.toString('base64').replace(/.{76}/g, '$&\n'),
		mimeType: 'image/png',
	});
	isRead = true;
	// Base64 has four characters for three bytes, and a slice four million of them.
	expect(turns).toBeGreaterThan(6);
	expect(file).toMatchObject({
		size: content.length,
		fileId: createHash('sha256').update(content).digest('hex'),
	});
	const chunks: Buffer[] = [];
	for await (const chunk of await file.open()) chunks.push(chunk as Buffer);
	expect(Buffer.concat(chunks).equals(content)).toBe(true);
	expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(3 * MIB);
});
