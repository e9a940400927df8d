/** Files to look at, and bytes that are none. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

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
