import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand } from '../lib/command';

interface PackageJson {
	name: string;
	version: string;
	dependencies?: Record<string, string>;
	[key: string]: unknown;
}

/** Where n8n keeps community packages. */
export function packagesDir(userFolder: string): string {
	return path.join(userFolder, '.n8n', 'nodes', 'node_modules');
}

/**
 * Puts a packed package where n8n's own "Install a community node" puts it, in the same steps: the
 * tarball unpacked under `.n8n/nodes/node_modules/<name>`, the development, peer and optional
 * dependencies taken out of its package.json, and the version noted in `.n8n/nodes/package.json`.
 * n8n then runs `npm install` there, which for a package without dependencies does nothing.
 *
 * @throws Error when the package has runtime dependencies, which n8n Cloud refuses
 */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const nodesDir = path.join(userFolder, '.n8n', 'nodes');
	const unpacked = path.join(nodesDir, 'unpacked');
	await rm(unpacked, { recursive: true, force: true });
	await mkdir(unpacked, { recursive: true });
	await runCommand('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], {
		cwd: nodesDir,
	});

	const manifestFile = path.join(unpacked, 'package.json');
	const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as PackageJson;
	if (Object.keys(manifest.dependencies ?? {}).length > 0) {
		throw new Error(`${manifest.name} has runtime dependencies.`);
	}
	for (const key of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
		delete manifest[key];
	}
	await writeFile(manifestFile, JSON.stringify(manifest, null, 2));

	const target = path.join(packagesDir(userFolder), manifest.name);
	await rm(target, { recursive: true, force: true });
	await mkdir(path.dirname(target), { recursive: true });
	await rename(unpacked, target);
	await addToManifest(path.join(nodesDir, 'package.json'), manifest);
}

async function addToManifest(file: string, { name, version }: PackageJson): Promise<void> {
	const installed: { dependencies?: Record<string, string> } = existsSync(file)
		? (JSON.parse(await readFile(file, 'utf8')) as object)
		: { name: 'installed-nodes', private: true };
	const dependencies = { ...installed.dependencies, [name]: version };
	await writeFile(file, JSON.stringify({ ...installed, dependencies }, null, 2));
}
