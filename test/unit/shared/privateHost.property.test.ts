import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isPrivateHost } from '../../../nodes/WaveSpeedInfiniteTalk/shared/privateHost';

const parts = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
const dotted = (address: number) => parts(address).join('.');
const hex = (address: number) => address.toString(16).padStart(8, '0');
const groups = (address: number) => `${hex(address).slice(0, 4)}:${hex(address).slice(4)}`;
const octal = (part: number) => `0${part.toString(8)}`;

/** What leads to an IPv4 address. */
const SPELLINGS: ReadonlyArray<(address: number) => string> = [
	(address) => `${dotted(address)}.`,
	(address) => String(address),
	(address) => `0x${hex(address)}`,
	(address) => parts(address).map(octal).join('.'),
	(address) => `[::ffff:${dotted(address)}]`,
	(address) => `[64:ff9b::${groups(address)}]`,
	(address) => `[2002:${groups(address)}::1]`,
	(address) => `${parts(address).join('-')}.sslip.io`,
	(address) => `x.${dotted(address)}.NIP.io`,
	(address) => `app-${hex(address)}.nip.io`,
	(address) => `--ffff-${groups(address).replace(':', '-')}.sslip.io`,
];

it('an IPv4 address is private or not, however it is spelled', () => {
	const nearPrivate = fc
		.constantFrom(0x0a000000, 0x0affffff, 0x7f000000, 0xac1fffff, 0xc0a80000, 0xe0000000)
		.chain((edge) => fc.integer({ min: -2, max: 2 }).map((step) => (edge + step) >>> 0));
	const address = fc.oneof(nearPrivate, fc.nat(0xffffffff));
	fc.assert(
		fc.property(address, fc.constantFrom(...SPELLINGS), (value, spell) => {
			const { hostname } = new URL(`https://${spell(value)}/`);
			expect(isPrivateHost(hostname)).toBe(isPrivateHost(dotted(value)));
		}),
		{ numRuns: 2_000 },
	);
});
