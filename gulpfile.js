/**
 * `gulp assets`: brings the files that are not TypeScript into dist, after `n8n-node build`.
 *
 * The build of @n8n/node-cli copies every PNG and SVG of the repository into dist, test pictures and
 * screenshots included, and not the codex file. This task ships exactly what the nodes and
 * credentials name, and nothing else.
 */
const fs = require('node:fs');
const path = require('node:path');
const { dest, src } = require('gulp');

const DIST = path.join(__dirname, 'dist');
const ASSET = /\.(png|svg)$/;

/** Every file below a folder, as absolute paths. */
function filesBelow(folder) {
	return fs
		.readdirSync(folder, { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/** The icons that a built node or credential names by `file:`, as absolute paths in dist. */
function namedIcons() {
	const { nodes, credentials } = require('./package.json').n8n;
	return [...nodes, ...credentials].flatMap((entry) => {
		const file = path.join(__dirname, entry);
		const [Class] = Object.values(require(file));
		const instance = new Class();
		const icon = instance.description?.icon ?? instance.icon ?? {};
		const icons = typeof icon === 'string' ? [icon] : Object.values(icon);
		return icons.map((name) => path.resolve(path.dirname(file), name.replace(/^file:/, '')));
	});
}

function removeUnnamed(done) {
	const wanted = new Set(namedIcons());
	for (const file of filesBelow(DIST)) {
		if (ASSET.test(file) && !wanted.has(file)) fs.rmSync(file);
	}
	for (const folder of ['test', 'docs', 'examples', 'scripts']) {
		fs.rmSync(path.join(DIST, folder), { recursive: true, force: true });
	}
	const missing = [...wanted].filter((file) => !fs.existsSync(file));
	done(
		missing.length > 0 ? new Error(`Icons named but missing: ${missing.join(', ')}`) : undefined,
	);
}

function codex() {
	return src('nodes/**/*.node.json', { base: '.' }).pipe(dest('dist'));
}

exports.assets = (done) => codex().on('end', () => removeUnnamed(done));
