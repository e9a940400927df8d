import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect } from '@jest/globals';
import type { Testbed } from '../../testbed';

/** Larger files are media that a test has made itself. */
const LARGE_BYTES = 100 * 1024 * 1024;

/** What n8n gives the editor of all executions of some workflows, as the text that it sends. */
export async function everythingOf(
	{ client }: Testbed,
	workflowIds: readonly string[],
): Promise<string> {
	const texts: string[] = [];
	for (const workflowId of workflowIds) {
		for (const { id } of await client.executions({ workflowId })) {
			const answer = await client.session.send('GET', `/rest/executions/${id}`);
			texts.push(await answer.body.text());
		}
	}
	return texts.join('\n');
}

/** No file of n8n's folder has one of these keys in it, but the credential's name can be found. */
export async function expectNotOnDisk(
	{ credential }: Testbed,
	folder: string,
	...keys: string[]
): Promise<void> {
	expect(await filesWith(folder, credential.name)).not.toEqual([]);
	expect(await filesWith(folder, ...keys)).toEqual([]);
}

/**
 * Files of n8n's folder that contain one of these texts: log, database, stored files. Left out are
 * n8n's editor and the packages.
 */
async function filesWith(folder: string, ...texts: string[]): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => entry.isFile())
		.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
		.filter((file) => !/(^|[\\/])(\.cache|node_modules)[\\/]/.test(file));
	const found = await Promise.all(
		files.map(async (file) => await contains(path.join(folder, file), texts)),
	);
	return files.filter((_file, at) => found[at]);
}

/** The key went to the API and to nobody else, and always came along there. */
export function expectKeyOnlyAtApi({ emulator }: Testbed): void {
	const { apiKey } = emulator.settings;
	const carriers = emulator.requests.filter((request) => {
		return JSON.stringify([request.url, request.headers, request.body]).includes(apiKey);
	});
	expect(carriers.filter(({ origin }) => origin !== 'api')).toEqual([]);
	const toApi = emulator.requests.filter(({ origin }) => origin === 'api');
	expect(toApi.map(({ headers }) => headers.authorization)).toEqual(
		toApi.map(() => `Bearer ${apiKey}`),
	);
	expect(carriers.filter(({ url }) => url.includes(apiKey))).toEqual([]);
}

async function contains(file: string, texts: readonly string[]): Promise<boolean> {
	try {
		if ((await stat(file)).size > LARGE_BYTES) return false;
		const content = await readFile(file);
		return texts.some((text) => content.includes(text));
	} catch (error) {
		// Temporary files come and go.
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
		throw error;
	}
}
