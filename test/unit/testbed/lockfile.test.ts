import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { LOCKFILE } from '../../testbed/lib/paths';
import { N8N_VERSION } from '../../testbed/versions';

const lockfile = readFileSync(LOCKFILE, 'utf8');

it('the lockfile has the pinned n8n; npm run setup -- --lock writes it anew', () => {
	const [, specifier] = /^ {6}n8n:\n {8}specifier: (.*)$/m.exec(lockfile) ?? [];
	expect(specifier).toBe(N8N_VERSION);
});

it('the lockfile names packages by digest, and no address that they come from', () => {
	expect(lockfile).not.toMatch(/tarball:|https?:\/\//);
});
