import path from 'node:path';
import envPaths from 'env-paths';
import { PINNED, type Versions } from '../versions';

/** The repository's root folder. */
export const ROOT = path.resolve(__dirname, '..', '..', '..');

const APP = 'n8n-nodes-wavespeed-infinitetalk';

/** Environment variable that moves the cache folder to another place. */
export const CACHE_VARIABLE = 'INFINITETALK_CACHE_DIR';

/** Per-user folder for what is installed once per machine (n8n is about 2.8 GB). */
export function cacheDir(): string {
	const chosen = process.env[CACHE_VARIABLE];
	return chosen ? path.resolve(chosen) : envPaths(APP, { suffix: '' }).cache;
}

/** Folder of an n8n, the pinned one unless given; each has its own, so switching is cheap. */
export function runtimeDir({ n8n, node }: Versions = PINNED): string {
	return path.join(cacheDir(), `n8n-${n8n}-node-${node}`);
}
