import { homedir } from 'node:os';
import path from 'node:path';
import { N8N_VERSION, NODE_VERSION } from '../versions';

/** The repository's root folder. */
export const ROOT = path.resolve(__dirname, '..', '..', '..');

const APP = 'n8n-nodes-wavespeed-infinitetalk';

/** Environment variable that moves the cache folder to another place. */
export const CACHE_VARIABLE = 'INFINITETALK_CACHE_DIR';

/** Per-user folder for what is installed once per machine (n8n is about 2.8 GB). */
export function cacheDir(
	env: NodeJS.ProcessEnv = process.env,
	platform = process.platform,
): string {
	const chosen = env[CACHE_VARIABLE];
	if (chosen) return path.resolve(chosen);
	if (env.XDG_CACHE_HOME) return path.join(env.XDG_CACHE_HOME, APP);
	if (platform === 'darwin') return path.join(homedir(), 'Library', 'Caches', APP);
	if (platform === 'win32') {
		return path.join(env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local'), APP, 'Cache');
	}
	return path.join(homedir(), '.cache', APP);
}

/** Folder of the pinned n8n; another pin gets another folder, so switching branches is cheap. */
export function runtimeDir(): string {
	return path.join(cacheDir(), `n8n-${N8N_VERSION}-node-${NODE_VERSION}`);
}
