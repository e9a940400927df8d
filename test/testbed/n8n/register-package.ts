import path from 'node:path';
import { runCommand } from '../lib/command';
import type { Runtime } from './runtime';
import type { N8nClient } from './client';

export interface PackageToRegister {
	readonly name: string;
	readonly version: string;
	readonly author: { readonly name: string; readonly email: string };
}

/**
 * Enters a package in the tables that Settings → Community nodes shows. n8n writes them when it
 * installs from the registry; nodes load and work without. For n8n on SQLite.
 *
 * @throws Error when n8n has loaded no node of the package
 */
export async function registerPackage(
	client: N8nClient,
	{ name, version, author }: PackageToRegister,
	{ runtime, userFolder }: { runtime: Runtime; userFolder: string },
): Promise<void> {
	const types = await client.nodeTypes();
	const nodes = types
		.filter((type) => type.name.startsWith(`${name}.`))
		.map((type) => [type.displayName, type.name, Math.max(...[type.version].flat()), name]);
	if (nodes.length === 0) throw new Error(`n8n has loaded no node of ${name}.`);
	const facts = {
		database: path.join(userFolder, '.n8n', 'database.sqlite'),
		package: [name, version, author.name, author.email],
		nodes,
	};
	// Node 24 has SQLite built in, the Node that runs us may not.
	await runCommand(runtime.nodeBinary, ['--no-warnings', '-e', WRITE, JSON.stringify(facts)], {
		cwd: userFolder,
		timeoutMs: 30_000,
	});
}

const WRITE = `
const { DatabaseSync } = require('node:sqlite');
const facts = JSON.parse(process.argv[1]);
const db = new DatabaseSync(facts.database, { timeout: 10000 });
db.exec('BEGIN IMMEDIATE');
db.prepare('DELETE FROM installed_nodes WHERE package = ?').run(facts.package[0]);
db.prepare('DELETE FROM installed_packages WHERE packageName = ?').run(facts.package[0]);
db.prepare(
  'INSERT INTO installed_packages (packageName, installedVersion, authorName, authorEmail) VALUES (?, ?, ?, ?)',
).run(...facts.package);
const node = db.prepare(
  'INSERT INTO installed_nodes (name, type, latestVersion, package) VALUES (?, ?, ?, ?)',
);
for (const values of facts.nodes) node.run(...values);
db.exec('COMMIT');
db.close();
`;
