import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = path.resolve(__dirname, '..', '..', '..');

const DOCUMENTS = ['.', 'docs', 'examples', 'test/emulator'].flatMap((folder) =>
	readdirSync(path.join(ROOT, folder))
		.filter((name) => name.endsWith('.md'))
		.map((name) => path.join(folder, name)),
);

describe.each(DOCUMENTS)('%s', (document) => {
	const text = readFileSync(path.join(ROOT, document), 'utf8');

	it('names only tests that exist', () => {
		const named = text.match(/\btest\/[\w./-]+\.test\.ts/g) ?? [];
		expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
	});

	it('links only to files and headings that exist', () => {
		const links = [...text.matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)]
			.map((match) => match[1] ?? match[2] ?? '')
			.filter((link) => !/^[a-z]+:/.test(link));
		expect(links.filter((link) => !exists(document, link))).toEqual([]);
	});
});

function exists(document: string, link: string): boolean {
	const [file = '', heading] = link.split('#');
	const target = file === '' ? document : path.join(path.dirname(document), file);
	if (!existsSync(path.join(ROOT, target))) return false;
	if (heading === undefined || !target.endsWith('.md')) return true;
	return headingsOf(readFileSync(path.join(ROOT, target), 'utf8')).includes(heading);
}

/** The headings as GitHub makes links of them. */
function headingsOf(markdown: string): string[] {
	return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
		title
			.toLowerCase()
			.replace(/[^\p{L}\p{N} _-]/gu, '')
			.replaceAll(' ', '-'),
	);
}
