import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';
import { PINNED, type Versions } from '../versions';

/** The repository's root folder. */
export const ROOT = path.resolve(__dirname, '..', '..', '..');

/** What is installed of the pinned n8n, package by package. */
export const LOCKFILE = path.join(ROOT, 'test', 'testbed', 'pnpm-lock.yaml');

const APP = 'n8n-nodes-wavespeed-infinitetalk';

/** Environment variable that moves the cache folder to another place. */
export const CACHE_VARIABLE = 'INFINITETALK_CACHE_DIR';

/** Per-user folder for what is installed once per machine (n8n is about 2 GB). */
export function cacheDir(): string {
	const chosen = process.env[CACHE_VARIABLE];
	return chosen ? path.resolve(chosen) : envPaths(APP, { suffix: '' }).cache;
}

/**
 * Folder of an n8n, the pinned one unless given; each has its own, so switching is cheap. Another lockfile makes
 * another n8n.
 */
export function runtimeDir({ n8n, node, isLocked }: Versions = PINNED): string {
	const packages = isLocked ? digestOf(LOCKFILE) : 'unlocked';
	return path.join(cacheDir(), `n8n-${n8n}-node-${node}-${packages}`);
}

function digestOf(file: string): string {
	return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 8);
}
