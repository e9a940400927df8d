import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { cacheDir, runtimeDir } from '../../testbed/lib/paths';
import { N8N_VERSION, NODE_VERSION } from '../../testbed/versions';

describe('the cache folder', () => {
	it('is where the user says', () => {
		const env = { INFINITETALK_CACHE_DIR: '/elsewhere', XDG_CACHE_HOME: '/xdg' };
		expect(cacheDir(env, 'linux')).toBe(path.resolve('/elsewhere'));
	});

	it('is below XDG_CACHE_HOME, else where the system keeps caches', () => {
		const below = (...parts: string[]) => expect.stringContaining(path.join(...parts));
		expect(cacheDir({ XDG_CACHE_HOME: '/xdg' }, 'linux')).toEqual(below('/xdg', 'n8n-nodes'));
		expect(cacheDir({}, 'linux')).toEqual(below('.cache', 'n8n-nodes'));
		expect(cacheDir({}, 'darwin')).toEqual(below('Library', 'Caches', 'n8n-nodes'));
		expect(cacheDir({ LOCALAPPDATA: '/local' }, 'win32')).toEqual(below('/local', 'n8n-nodes'));
	});

	it('has a folder of its own for each pair of versions', () => {
		expect(path.basename(runtimeDir())).toBe(`n8n-${N8N_VERSION}-node-${NODE_VERSION}`);
	});
});
