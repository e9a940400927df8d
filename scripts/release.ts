/**
 * Makes a release's commit and tag; pushing the tag has CI test, and publish what it tested.
 *
 * Not `n8n-node release`: that publishes from this machine what CI has not seen.
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../test/testbed/lib/command';
import { npm } from '../test/testbed/lib/npm';
import { ROOT } from '../test/testbed/lib/paths';
import { main } from './lib/main';
import { isNewer, withRelease } from './release/changelog';

const USAGE = 'Usage: npm run release -- <version>, such as 0.2.0';

main(async () => {
	const [version = ''] = process.argv.slice(2);
	const manifest = JSON.parse(await readFile(inRoot('package.json'), 'utf8')) as {
		version: string;
	};
	const changelog = await readFile(inRoot('CHANGELOG.md'), 'utf8');
	// The first release may have the version that package.json was made with.
	const isFirst = version === manifest.version && !changelog.includes(`## [${version}]`);
	if (!isFirst && !isNewer(version, manifest.version)) {
		throw new Error(`The version must be above ${manifest.version}.\n${USAGE}`);
	}
	if ((await git('status', '--porcelain')) !== '') {
		throw new Error('There are changes that are not committed.');
	}
	const today = new Date().toISOString().slice(0, 10);
	await writeFile(inRoot('CHANGELOG.md'), withRelease(changelog, version, today));
	await npm(['version', version, '--no-git-tag-version', '--allow-same-version'], { cwd: ROOT });
	await git('commit', '--quiet', '--all', '--message', `chore: release ${version}`);
	await git('tag', '--annotate', `v${version}`, '--message', `Version ${version}`);
	process.stdout.write(
		`Tagged v${version}. To test and publish it: git push --follow-tags\nTo undo: git tag --delete v${version} && git reset --hard HEAD~1\n`,
	);
});

function inRoot(file: string): string {
	return path.join(ROOT, file);
}

async function git(...args: string[]): Promise<string> {
	return (await runCommand('git', args, { cwd: ROOT })).trim();
}
