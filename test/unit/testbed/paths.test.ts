import { afterEach, describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { CACHE_VARIABLE, cacheDir, runtimeDir } from '../../testbed/lib/paths';
import { N8N_VERSION, NODE_VERSION } from '../../testbed/versions';

const before = process.env[CACHE_VARIABLE];

afterEach(() => {
	delete process.env[CACHE_VARIABLE];
	if (before !== undefined) process.env[CACHE_VARIABLE] = before;
});

describe('the cache folder', () => {
	it('is where the user says, else one of the package', () => {
		process.env[CACHE_VARIABLE] = '/elsewhere';
		expect(cacheDir()).toBe(path.resolve('/elsewhere'));
		delete process.env[CACHE_VARIABLE];
		expect(cacheDir()).toContain('n8n-nodes-wavespeed-infinitetalk');
	});

	it('has a folder of its own for each pair of versions', () => {
		expect(path.basename(runtimeDir())).toBe(`n8n-${N8N_VERSION}-node-${NODE_VERSION}`);
	});
});
