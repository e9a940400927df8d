const UNRELEASED = '## [Unreleased]';

/**
 * The changelog with what was unreleased under the new version, and an empty section for what comes.
 *
 * @param version without `v`
 * @param date ISO 8601
 * @throws Error when nothing is unreleased, or the version has a section already
 */
export function withRelease(changelog: string, version: string, date: string): string {
	if (changelog.includes(`## [${version}]`)) {
		throw new Error(`CHANGELOG.md has a section for ${version} already.`);
	}
	const from = changelog.indexOf(UNRELEASED);
	const rest = changelog.slice(from + UNRELEASED.length);
	const [section = ''] = rest.split(/^## /m);
	if (from === -1 || section.trim() === '') {
		throw new Error('CHANGELOG.md has nothing under Unreleased.');
	}
	return `${changelog.slice(0, from)}${UNRELEASED}\n\n## [${version}] - ${date}${rest}`;
}

/**
 * True for a version that may follow.
 *
 * @param current version of package.json
 */
export function isNewer(version: string, current: string): boolean {
	const isWellFormed = /^\d+\.\d+\.\d+$/.test(version);
	return isWellFormed && version.localeCompare(current, 'en', { numeric: true }) > 0;
}
