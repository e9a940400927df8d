import { beforeAll, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodedSeconds, useFiles } from './support/ffmpeg';
import { measure } from './support/measure';
import { RECIPES } from './support/recipes';

/** Not a multiple of any encoder's frame. */
const SECONDS = 3.37;
const TOLERANCE_S = 0.05;
const NAMES = RECIPES.map(([name]) => name);

const files = useFiles(SECONDS, RECIPES);
let decoded: number[];

beforeAll(async () => {
	decoded = await decodedSeconds(files.folder, NAMES);
});

it.each(NAMES)('%s is as long as ffmpeg decodes it', async (name) => {
	const expected = decoded[NAMES.indexOf(name)] as number;
	const bytes = await readFile(path.join(files.folder, name));
	const seconds = measure(bytes) ?? NaN;
	expect(expected).toBeGreaterThan(SECONDS - TOLERANCE_S);
	expect(Math.abs(seconds - expected)).toBeLessThan(TOLERANCE_S);
	expect(measure(bytes, 61)).toBe(seconds);
	expect(measure(bytes, 7777)).toBe(seconds);
});
