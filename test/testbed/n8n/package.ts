import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../lib/command';
import { withLock } from '../lib/lock';
import { cleanEnv, namesIn, npm } from '../lib/npm';
import { ROOT } from '../lib/paths';
import { step } from '../lib/progress';
import { PACKAGE } from '../video-node';

/** All that a build or the tarball is made from. */
const SOURCES = [
	...['nodes', 'credentials', 'icons', 'index.js', 'gulpfile.js', 'tsconfig.json'],
	...['package.json', 'package-lock.json', 'README.md', 'LICENSE.md', 'LICENSE', 'CHANGELOG.md'],
];

const DAY_MS = 24 * 60 * 60_000;

const CACHE = path.join(ROOT, 'node_modules', '.cache', 'package');

/**
 * Builds and packs the package as it would be published, unless that was done for the very same
 * sources before, and returns the tarball's path.
 *
 * @throws Error with what the build printed
 */
export async function ensureTarball(): Promise<string> {
	return await withLock(path.join(CACHE, 'build'), async () => {
		for (;;) {
			const hash = await sourcesHash();
			const tarball = path.join(CACHE, `${hash}.tgz`);
			if (!existsSync(tarball)) await step('Building and packing the node', () => pack(tarball));
			// Somebody may have saved a file in the meantime: a tarball must be what its name says.
			if ((await sourcesHash()) === hash) return tarball;
			await rm(tarball);
		}
	});
}

async function pack(tarball: string): Promise<void> {
	const fresh = path.join(CACHE, 'fresh');
	await rm(fresh, { recursive: true, force: true });
	await mkdir(fresh);
	const packed = await buildAndPack(ROOT, fresh, path.join(CACHE, 'build.log'));
	await removeOldTarballs();
	await rename(packed, tarball);
}

/**
 * Builds and packs a copy of the sources in another folder.
 *
 * @param folder an empty folder
 * @returns the tarball's path
 */
export async function packCopy(folder: string): Promise<string> {
	for (const source of SOURCES) {
		const from = path.join(ROOT, source);
		if (existsSync(from)) await cp(from, path.join(folder, source), { recursive: true });
	}
	await symlink(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
	return await buildAndPack(folder, folder, path.join(folder, 'build.log'));
}

async function buildAndPack(root: string, destination: string, logFile: string): Promise<string> {
	await rm(logFile, { force: true });
	// With CI set, the build tool prints no spinner, of which a log would have hundreds of frames.
	const env = { ...cleanEnv(), CI: 'true' };
	await npm(['run', 'build'], { cwd: root, logFile, env });
	const options = ['--ignore-scripts', '--pack-destination', destination];
	await npm(['pack', ...options], { cwd: root, logFile });
	const name = namesIn(destination).find((file) => file.endsWith('.tgz'));
	if (!name) throw new Error(`npm pack left no tarball in ${destination}.`);
	return path.join(destination, name);
}

/** Leaves those that a run of today may still install from. */
async function removeOldTarballs(): Promise<void> {
	for (const name of namesIn(CACHE).filter((file) => file.endsWith('.tgz'))) {
		const tarball = path.join(CACHE, name);
		if (Date.now() - (await stat(tarball)).mtimeMs > DAY_MS) await rm(tarball);
	}
}

async function sourcesHash(): Promise<string> {
	const hash = createHash('sha256');
	for (const source of SOURCES.map((name) => path.join(ROOT, name)).filter(existsSync)) {
		const names = statSync(source).isDirectory()
			? await readdir(source, { recursive: true })
			: [''];
		for (const file of names.sort().map((name) => path.join(source, name))) {
			if (statSync(file).isDirectory()) continue;
			hash.update(`${path.relative(ROOT, file)}\0`).update(await readFile(file));
		}
	}
	return hash.digest('hex').slice(0, 16);
}

/** Where n8n keeps community packages. */
export function packagesDir(userFolder: string): string {
	return path.join(userFolder, '.n8n', 'nodes', 'node_modules');
}

/** Unpacks a packed package where n8n's own "Install a community node" unpacks it. */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const target = path.join(packagesDir(userFolder), PACKAGE);
	await rm(target, { recursive: true, force: true });
	await mkdir(target, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '--strip-components=1'], { cwd: target });
}
