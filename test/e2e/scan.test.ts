import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { runCommand } from '../testbed/lib/command';
import { cleanEnv } from '../testbed/lib/npm';
import { ROOT } from '../testbed/lib/paths';
import { shared } from '../testbed/jest/shared';

/** ESLint and its rules take long to load. */
const SCAN_MS = 180_000;

/** What n8n's scanner answers about a folder. */
interface Verdict {
	passed: boolean;
	message?: string;
	details?: string;
}

type What = 'package' | 'source' | 'wrong package' | 'wrong source';

let verdicts: Record<What, Verdict>;

beforeAll(async () => {
	const folder = await mkdtemp(path.join(tmpdir(), 'scan-test-'));
	try {
		verdicts = await scan(folder, {
			package: await unpack(path.join(folder, 'package')),
			source: await copySources(path.join(folder, 'source')),
			'wrong package': await wrongPackage(path.join(folder, 'wrong-package')),
			'wrong source': await wrongSources(path.join(folder, 'wrong-source')),
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}, SCAN_MS);

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
const verdicts = {};
for (const [what, folder] of Object.entries(JSON.parse(process.argv[2]))) {
  verdicts[what] = await analyzePackage(folder, patterns[what.split(' ').at(-1)]);
}
console.log(JSON.stringify(verdicts));
`;

/**
 * In a process of its own: jest cannot load the scanner's modules. And not with the NODE_ENV of jest,
 * by which n8n's ESLint rules believe that they are being tested themselves.
 */
async function scan(
	folder: string,
	folders: Readonly<Record<What, string>>,
): Promise<Record<What, Verdict>> {
	const args = ['--no-warnings', '--input-type=module', '-e', SCRIPT];
	const printed = await runCommand(
		process.execPath,
		[...args, pathToFileURL(SCANNER).href, JSON.stringify(folders)],
		{
			cwd: folder,
			env: { ...cleanEnv(), NODE_ENV: 'production', TMPDIR: folder },
			timeoutMs: SCAN_MS - 10_000,
		},
	);
	return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Record<What, Verdict>;
}

async function unpack(target: string): Promise<string> {
	await mkdir(target);
	const args = ['-xzf', shared().tarball, '-C', target, '--strip-components=1'];
	await runCommand('tar', args, { cwd: target });
	return target;
}

/** What n8n's scanner looks at in a repository, and the icons, which must be there. */
async function copySources(target: string): Promise<string> {
	for (const part of ['package.json', 'nodes', 'credentials', 'icons']) {
		await cp(path.join(ROOT, part), path.join(target, part), { recursive: true });
	}
	return target;
}

async function wrongPackage(target: string): Promise<string> {
	await unpack(target);
	const code = "console.log(require('fs'), process.env);\n";
	await writeFile(path.join(target, 'dist', 'nodes', 'wrong.js'), code);
	return target;
}

async function wrongSources(target: string): Promise<string> {
	await copySources(target);
	const file = path.join(target, 'nodes', 'WaveSpeedInfiniteTalk', 'operations', 'mediaFields.ts');
	const source = await readFile(file, 'utf8');
	const wrong = source.replace("displayName: 'Prompt'", "displayName: 'the prompt'");
	if (wrong === source) throw new Error(`${file} has no field Prompt any more`);
	await writeFile(file, wrong);
	return target;
}

describe("n8n's scanner of community packages", () => {
	it('has nothing to say about the packed package', () => {
		expect(verdicts.package).toEqual({ passed: true });
	});

	it('has nothing to say about the sources', () => {
		expect(verdicts.source).toEqual({ passed: true });
	});

	it('would speak up about a file of the package that does what it must not', () => {
		const verdict = verdicts['wrong package'];
		expect(verdict).toMatchObject({ passed: false, message: 'ESLint violations found' });
		for (const rule of ['no-console', 'no-restricted-imports', 'no-restricted-globals']) {
			expect(verdict.details).toContain(rule);
		}
	});

	it('would speak up about a field that is written otherwise than in n8n', () => {
		const verdict = verdicts['wrong source'];
		expect(verdict).toMatchObject({ passed: false, message: 'ESLint violations found' });
		expect(verdict.details).toContain('n8n-nodes-base/node-param-display-name-miscased');
	});
});
