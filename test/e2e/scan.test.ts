/** What n8n's scanner of community packages says, which decides whether n8n verifies the package. */
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { ROOT, shared } from '../testbed';
import { runCommand } from '../testbed/lib/command';
import { cleanEnv } from '../testbed/lib/npm';

/** What the scanner answers about a folder. */
interface Verdict {
	passed: boolean;
	message?: string;
	details?: string;
}

const SCANNER = path.join(
	...[ROOT, 'node_modules', '@n8n', 'scan-community-package', 'scanner', 'scanner.mjs'],
);

/**
 * The two parts of `npx @n8n/scan-community-package`, which itself only knows published packages: the
 * rules for what npm delivers, and the rules for the sources that npm's provenance names.
 */
const SCRIPT = `
const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(process.argv[1]);
const patterns = { package: ['**/*.js', 'package.json'], source: SOURCE_FILE_PATTERNS };
const verdicts = [];
for (const part of ['package', 'source']) {
  verdicts.push(await analyzePackage(process.argv[2] + '/' + part, patterns[part]));
}
console.log(JSON.stringify(verdicts));
`;

/**
 * In a process of its own: jest cannot load the scanner's modules. And not with the NODE_ENV of jest,
 * by which n8n's ESLint rules believe that they are being tested themselves.
 */
async function scan(folder: string): Promise<Verdict[]> {
	const script = ['--no-warnings', '--input-type=module', '-e', SCRIPT];
	const printed = await runCommand(
		process.execPath,
		[...script, pathToFileURL(SCANNER).href, folder],
		{ cwd: folder, env: { ...cleanEnv(), NODE_ENV: 'production', TMPDIR: folder } },
	);
	return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Verdict[];
}

it('has nothing to say about the package and its sources, and would speak up', async () => {
	const folder = await mkdtemp(path.join(tmpdir(), 'scan-test-'));
	try {
		const [delivered, source] = ['package', 'source'].map((part) => path.join(folder, part));
		await mkdir(delivered!);
		const unpack = ['-xzf', shared().tarball, '-C', delivered!, '--strip-components=1'];
		await runCommand('tar', unpack, { cwd: folder });
		for (const part of ['package.json', 'nodes', 'credentials', 'icons']) {
			await cp(path.join(ROOT, part), path.join(source!, part), { recursive: true });
		}
		expect(await scan(folder)).toEqual([{ passed: true }, { passed: true }]);

		const wrong = "console.log(require('fs'), process.env);\n";
		await writeFile(path.join(delivered!, 'dist', 'nodes', 'wrong.js'), wrong);
		const [aboutPackage] = await scan(folder);
		expect(aboutPackage).toMatchObject({ passed: false, message: 'ESLint violations found' });
		for (const rule of ['no-console', 'no-restricted-imports', 'no-restricted-globals']) {
			expect(aboutPackage!.details).toContain(rule);
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
});
