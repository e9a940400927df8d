import { PINNED, type Versions } from '../testbed/versions';

/** What the named versions of n8n get from an address outside of the registry. */
const overrides = { xlsx: '0.18.5' };

/**
 * The versions of n8n that `npm run test:compat` runs the packed package in, oldest first. Left out:
 * versions with a package of their own family missing in the registry. Installed without the lockfile, as their users do:
 * a dependency that breaks them is noticed.
 */
export const VERSIONS: readonly Versions[] = [
	{ n8n: '1.123.81', node: '22.22.3', overrides },
	{ n8n: '2.4.8', node: '22.22.3', overrides },
	{ n8n: '2.20.12', node: '22.22.3', overrides },
	{ n8n: '2.35.7', node: '22.22.3' },
	{ n8n: PINNED.n8n, node: PINNED.node },
	{ n8n: '2.41.1', node: PINNED.node },
];

/**
 * @param n8n one of the {@link VERSIONS}; the pinned one if not given
 * @throws Error naming those that there are
 */
export function versionsOf(n8n: string = PINNED.n8n): Versions {
	const versions = VERSIONS.find((each) => each.n8n === n8n);
	if (versions) return versions;
	const known = VERSIONS.map((each) => each.n8n).join(', ');
	throw new Error(`n8n ${n8n} is not in test/compat/versions.ts; there are ${known}.`);
}
