/**
 * Starts a TypeScript script from a clone without node_modules:
 *
 *     node scripts/bootstrap.mjs scripts/test.ts [arguments]
 *
 * Installs the development dependencies when they are missing or older than package-lock.json, then
 * hands over to the script in this same process. Needs Node.js and npm only.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM = [20, 19];

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

function requireNode() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
	console.error(
		`Node.js ${MINIMUM.join('.')} or later is needed; this is ${process.versions.node}.`,
	);
	process.exit(1);
}

/** Whether npm's own note of what it installed agrees with the lockfile. */
function isInstalled() {
	const hidden = path.join(root, 'node_modules', '.package-lock.json');
	if (!existsSync(hidden)) return false;
	const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
	const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
	return Object.entries(wanted).every(
		([folder, { version, optional }]) =>
			folder === '' || installed[folder]?.version === version || (optional && !installed[folder]),
	);
}

function npmCommand() {
	const cli = process.env.npm_execpath;
	if (cli && path.basename(cli) === 'npm-cli.js') return [process.execPath, [cli]];
	return process.platform === 'win32' ? ['npm.cmd', []] : ['npm', []];
}

async function install() {
	console.log('• Installing the development dependencies …');
	const [command, first] = npmCommand();
	const args = [...first, 'ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
	const shell = command.endsWith('.cmd');
	const child = spawn(command, args, { cwd: root, stdio: 'inherit', shell });
	process.once('SIGTERM', () => child.kill('SIGTERM'));
	// CI shows no progress of npm's, and a silent minute looks like a hang.
	const heartbeat = setInterval(() => console.log('  … still installing'), 10_000);
	const [code] = await once(child, 'exit').catch((error) => [`none: ${error.message}`]);
	clearInterval(heartbeat);
	process.removeAllListeners('SIGTERM');
	if (code === 0) return;
	console.error(`✗ npm ci failed (exit code ${code}); see its messages above.`);
	process.exit(1);
}

requireNode();
const [script, ...args] = process.argv.slice(2);
if (!script) {
	console.error('Usage: node scripts/bootstrap.mjs <script.ts> [arguments]');
	process.exit(1);
}
process.chdir(root);
if (!isInstalled()) await install();

const entry = path.resolve(root, script);
process.argv = [process.execPath, entry, ...args];
const require = createRequire(import.meta.url);
require('tsx/cjs');
require(entry);
