/**
 * What n8n reads from its environment while it is loaded. Import this before anything of n8n: a
 * folder of its own for settings and files, no telemetry, no words on the console.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const userFolder = mkdtempSync(join(tmpdir(), 'wavespeed-engine-'));

process.env.N8N_USER_FOLDER = userFolder;
process.env.N8N_ENCRYPTION_KEY = 'key-of-the-engine-tests';
process.env.N8N_DIAGNOSTICS_ENABLED = 'false';
process.env.N8N_LOG_LEVEL = 'debug';
process.env.N8N_LOG_OUTPUT = 'file';
process.env.N8N_DEFAULT_BINARY_DATA_MODE = 'filesystem';

/** Where n8n keeps the files of its filesystem mode. */
export const storageFolder = join(userFolder, 'files');
process.env.N8N_STORAGE_PATH = storageFolder;

export function removeUserFolder(): void {
	rmSync(userFolder, { recursive: true, force: true });
}
