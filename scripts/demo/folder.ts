import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { tryLock } from '../../test/testbed/lib/lock';
import { ROOT, cacheDir } from '../../test/testbed/lib/paths';

/** The picture and the two voices that the example reads. */
const INPUTS = ['pair.png', 'left-voice.wav', 'right-voice.wav'];

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
	const release = await tryLock(`${kept}.lock`);
	if (release) return { path: kept, release };
	const temporary = await mkdtemp(path.join(tmpdir(), `${name}-`));
	return {
		path: temporary,
		release: async () => await rm(temporary, { recursive: true, force: true, maxRetries: 3 }),
	};
}

/** Puts the inputs where the workflow may read them. */
export async function provideInputs(folder: string): Promise<void> {
	for (const name of INPUTS) {
		await copyFile(path.join(ROOT, 'test', 'fixtures', name), path.join(folder, name));
	}
}
