import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './paths';

/** What stands between two remarks that only the source of a page shows. */
const RESULTS = /(?<=<!-- results, written by .*-->)[^]*(?=<!-- end of results -->)/;

/**
 * Replaces the results in a page of docs/.
 *
 * @param write gets the results so far
 * @returns the page's path
 */
export async function writeResultsInto(
	name: string,
	write: (results: string) => string,
): Promise<string> {
	const page = path.join(ROOT, 'docs', name);
	const options = await resolveConfig(page);
	const text = await readFile(page, 'utf8');
	const written = text.replace(RESULTS, (results) => `\n\n${write(results)}\n\n`);
	await writeFile(page, await format(written, { ...options, filepath: page }));
	return page;
}
