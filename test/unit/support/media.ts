/** Media files made by code, and files to look at. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export { box, element, text as bytes } from '../probe/support/build';

/** A file of the folder test/fixtures/inputs. */
export function inputFixture(name: string): Buffer {
	return readFileSync(path.join(__dirname, '../../fixtures/inputs', name));
}

/** Bytes without any pattern, the same at each run. */
export function noise(length: number, seed = 1): Buffer {
	let state = seed;
	return Buffer.from(
		Array.from({ length }, () => {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			return state >>> 24;
		}),
	);
}

/** AAC frames in ADTS form. */
export function aacFrames(count: number, length = 200): Buffer {
	const frame = Buffer.alloc(length);
	Buffer.from([0xff, 0xf1, 0x50, 0x80, length >> 3, ((length & 7) << 5) | 0x1f, 0xfc]).copy(frame);
	return Buffer.concat(new Array<Buffer>(count).fill(frame));
}
