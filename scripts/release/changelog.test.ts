import { describe, expect, it } from '@jest/globals';
import { isNewer, withRelease } from './changelog';

const CHANGELOG = '# Changelog\n\n## [Unreleased]\n\n- New.\n\n## [0.1.0] - 2026-01-01\n\n- Old.\n';

describe('the changelog of a release', () => {
	it('has what was unreleased under the version, and room for what comes', () => {
		expect(withRelease(CHANGELOG, '0.2.0', '2026-12-01')).toBe(
			'# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n- New.\n\n## [0.1.0] - 2026-01-01\n\n- Old.\n',
		);
	});

	it.each([
		['a version that is there', CHANGELOG, '0.1.0', 'already'],
		['nothing new', CHANGELOG.replace('- New.\n\n', ''), '0.2.0', 'nothing'],
		['no section', '# Changelog\n', '0.2.0', 'nothing'],
	])('is refused with %s', (_name, changelog, version, said) => {
		expect(() => withRelease(changelog, version, '2026-12-01')).toThrow(said);
	});
});

it.each([
	['0.1.1', '0.1.0', true],
	['0.10.0', '0.9.9', true],
	['1.0.0', '0.9.9', true],
	['0.1.0', '0.1.0', false],
	['0.0.9', '0.1.0', false],
	['v0.2.0', '0.1.0', false],
	['0.2', '0.1.0', false],
])('%s after %s: %s', (version, current, expected) => {
	expect(isNewer(version, current)).toBe(expected);
});
