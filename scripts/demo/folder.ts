import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tryLock } from '../../test/testbed/lib/lock';
import { ROOT, cacheDir } from '../../test/testbed/lib/paths';

export interface Folder {
	readonly path: string;
	readonly release: () => Promise<void>;
}

/**
 * n8n's home for the demo of this clone, kept from run to run with what was made in the editor; a
 * temporary one while another demo of this clone is running.
 */
export async function claimFolder(): Promise<Folder> {
	const name = `demo-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}`;
	const kept = path.join(cacheDir(), name);
	const release = await tryLock(`${kept}.in-use`);
	if (release) return { path: kept, release };
	const temporary = await mkdtemp(path.join(tmpdir(), `${name}-`));
	return {
		path: temporary,
		release: async () => await rm(temporary, { recursive: true, force: true, maxRetries: 3 }),
	};
}
