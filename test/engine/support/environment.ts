/**
 * What n8n reads from its environment while it is loaded. Import this before anything of n8n: a
 * folder of its own for settings and files, no telemetry, no words on the console.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const userFolder = mkdtempSync(join(tmpdir(), 'wavespeed-engine-'));

Object.assign(process.env, {
	N8N_USER_FOLDER: userFolder,
	N8N_STORAGE_PATH: join(userFolder, 'files'),
	N8N_ENCRYPTION_KEY: 'key-of-the-engine-tests',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_LOG_LEVEL: 'debug',
	N8N_LOG_OUTPUT: 'file',
	N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem',
});
