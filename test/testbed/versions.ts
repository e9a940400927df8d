/** An n8n, and what it is installed with. */
export interface Versions {
	readonly n8n: string;
	/** Node.js that runs it; the binary comes from the npm registry. */
	readonly node: string;
	/** Packages that n8n's own package names by an address outside of the registry. */
	readonly overrides?: Readonly<Record<string, string>>;
	/** Installed as pnpm-lock.yaml says, not with what the registry has today. */
	readonly isLocked?: boolean;
}

/**
 * The one place that says which n8n, and which Node.js for it, demo and tests run. `npm run setup -- --lock` then
 * writes the lockfile beside this file.
 */
export const N8N_VERSION = '2.40.7';

/** n8n 2.37 and later refuse anything below Node 24; the binary comes from the npm registry. */
export const NODE_VERSION = '24.21.0';

export const PINNED: Versions = { n8n: N8N_VERSION, node: NODE_VERSION, isLocked: true };
