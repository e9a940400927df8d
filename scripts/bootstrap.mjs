/**
 * Starts a TypeScript script from a clone without node_modules:
 *
 *     node scripts/bootstrap.mjs scripts/test.ts [arguments]
 *
 * Installs the development dependencies when they are missing or older than package-lock.json, then
 * hands over to the script in this same process. Needs Node.js and npm only.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const MINIMUM = [20, 19];
const HEARTBEAT_MS = 10_000;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const modules = path.join(root, 'node_modules');
const marker = path.join(modules, '.installed-lockfile');

function requireNode() {
	const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
	if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
	console.error(
		`Node.js ${MINIMUM.join('.')} or later is needed; this is ${process.versions.node}.`,
	);
	process.exit(1);
}

/** Hash of the lockfile, as what is installed is right for exactly one. */
function lockfileHash() {
	return createHash('sha256')
		.update(readFileSync(path.join(root, 'package-lock.json')))
		.digest('hex');
}

function isInstalled() {
	if (existsSync(marker) && readFileSync(marker, 'utf8').trim() === lockfileHash()) return true;
	if (!matchesHiddenLockfile()) return false;
	writeFileSync(marker, `${lockfileHash()}\n`);
	return true;
}

/** Whether npm's own note of what it installed agrees with the lockfile: somebody ran npm already. */
function matchesHiddenLockfile() {
	const hidden = path.join(modules, '.package-lock.json');
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
	const started = Date.now();
	const seconds = () => Math.round((Date.now() - started) / 1000);
	console.log('• Installing the development dependencies …');
	const heartbeat = setInterval(
		() => console.log(`  … installing: ${seconds()} s so far`),
		HEARTBEAT_MS,
	);
	const [command, first] = npmCommand();
	const args = [...first, 'ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund'];
	const code = await new Promise((resolve) => {
		const child = spawn(command, args, {
			cwd: root,
			stdio: 'inherit',
			shell: command.endsWith('.cmd'),
		});
		const end = () => child.kill('SIGTERM');
		process.once('SIGTERM', end);
		child.once('error', (error) => {
			console.error(`npm could not be started: ${error.message}`);
			resolve(1);
		});
		child.once('exit', (exitCode) => {
			process.off('SIGTERM', end);
			resolve(exitCode ?? 1);
		});
	});
	clearInterval(heartbeat);
	if (code !== 0) {
		console.error(`✗ npm ci failed (exit code ${code}); see its messages above.`);
		process.exit(1);
	}
	writeFileSync(marker, `${lockfileHash()}\n`);
	console.log(`✓ Installed the development dependencies (${seconds()} s)`);
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
