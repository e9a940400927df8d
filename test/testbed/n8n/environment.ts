import path from 'node:path';
import { cleanEnv, withPathFirst } from '../lib/npm';
import type { Runtime } from './runtime';

export interface EnvironmentOptions {
	readonly runtime: Runtime;
	readonly userFolder: string;
	readonly port: number;
	readonly brokerPort: number;
	/** Folders that the Read/Write Files node may use. */
	readonly fileFolders: readonly string[];
	readonly env: Readonly<Record<string, string>>;
}

/**
 * The environment of a quiet n8n that calls nobody: no telemetry, no look-ups at n8n's servers, and
 * every execution kept with its data. What the caller gives overrides it. Settings for n8n in our
 * own environment do not reach it, nor does an API key.
 */
export function n8nEnvironment(options: EnvironmentOptions): NodeJS.ProcessEnv {
	const { runtime, userFolder, port, brokerPort, fileFolders } = options;
	const foreign = /^(N8N|DB|QUEUE|EXECUTIONS|WEBHOOK_URL|NODE_OPTIONS|WAVESPEED|JEST)/;
	const inherited = Object.entries(cleanEnv()).filter(([name]) => !foreign.test(name));
	// n8n starts its task runner as `node`, so Node 24 has to be the one that is found.
	return withPathFirst(path.dirname(runtime.nodeBinary), {
		...Object.fromEntries(inherited),
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_HOST: '127.0.0.1',
		N8N_PORT: String(port),
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_WEBHOOK_URL: `http://127.0.0.1:${port}/`,
		N8N_EDITOR_BASE_URL: `http://127.0.0.1:${port}/`,
		N8N_ENCRYPTION_KEY: 'key-of-a-throw-away-n8n',
		N8N_SECURE_COOKIE: 'false',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'false',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		// The list of verified packages and the registry of MCP servers come from n8n's servers.
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_DISABLED_MODULES: 'mcp-registry',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_PYTHON_ENABLED: 'false',
		N8N_RESTRICT_FILE_ACCESS_TO: fileFolders.join(';'),
		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'all',
		EXECUTIONS_DATA_SAVE_ON_ERROR: 'all',
		EXECUTIONS_DATA_SAVE_MANUAL_EXECUTIONS: 'true',
		EXECUTIONS_DATA_PRUNE: 'false',
		...options.env,
	});
}
