import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatUsd, roundUsd } from '../../../nodes/WaveSpeedInfiniteTalk/shared/money';
import { isPrivateHost } from '../../../nodes/WaveSpeedInfiniteTalk/shared/privateHost';
import { toCleanError, withoutSecrets } from '../../../nodes/WaveSpeedInfiniteTalk/shared/redact';
import { anyValue, forAll, text } from '../support/arbitraries';

const dollars = fc.double({ min: 0, max: 1e9, noNaN: true });

it('an amount is shown to the millionth of a dollar', () => {
	forAll(dollars, (usd) => {
		const shown = formatUsd(usd);
		expect(shown).toMatch(/^\$\d+\.\d{2,6}$/);
		expect(Number(shown.slice(1))).toBe(roundUsd(usd));
		expect(Math.abs(roundUsd(usd) - usd)).toBeLessThanOrEqual(6e-7);
	});
});

/** First and last address of networks that the internet does not route. */
const PRIVATE: ReadonlyArray<readonly [number, number]> = [
	[0x00000000, 0x00ffffff],
	[0x0a000000, 0x0affffff],
	[0x64400000, 0x647fffff],
	[0x7f000000, 0x7fffffff],
	[0xa9fe0000, 0xa9feffff],
	[0xac100000, 0xac1fffff],
	[0xc0000000, 0xc00000ff],
	[0xc0000200, 0xc00002ff],
	[0xc0a80000, 0xc0a8ffff],
	[0xc6120000, 0xc613ffff],
	[0xc6336400, 0xc63364ff],
	[0xcb007100, 0xcb0071ff],
	[0xe0000000, 0xffffffff],
];

const parts = (address: number) => [24, 16, 8, 0].map((shift) => (address >>> shift) & 255);
const hex = (address: number) => address.toString(16).padStart(8, '0');
const groups = (address: number) => `${hex(address).slice(0, 4)}:${hex(address).slice(4)}`;
/** What leads to an IPv4 address. */
const SPELLINGS: ReadonlyArray<(address: number) => string> = [
	(address) => parts(address).join('.'),
	(address) => `${parts(address).join('.')}.`,
	(address) => String(address),
	(address) => `0x${hex(address)}`,
	(address) =>
		parts(address)
			.map((part) => `0${part.toString(8)}`)
			.join('.'),
	(address) => `[::ffff:${parts(address).join('.')}]`,
	(address) => `[64:ff9b::${groups(address)}]`,
	(address) => `[2002:${groups(address)}::1]`,
	(address) => `${parts(address).join('-')}.sslip.io`,
	(address) => `x.${parts(address).join('.')}.NIP.io`,
	(address) => `app-${hex(address)}.nip.io`,
	(address) => `--ffff-${groups(address).replace(':', '-')}.sslip.io`,
];

it('an IPv4 address is private or not, however it is spelled', () => {
	const near = fc
		.constantFrom(...PRIVATE.flat())
		.chain((edge) => fc.integer({ min: -2, max: 2 }).map((step) => (edge + step) >>> 0));
	const address = fc.oneof(near, fc.nat(0xffffffff));
	fc.assert(
		fc.property(address, fc.constantFrom(...SPELLINGS), (value, spell) => {
			const { hostname } = new URL(`https://${spell(value)}/`);
			const expected = PRIVATE.some(([first, last]) => value >= first && value <= last);
			expect(isPrivateHost(hostname)).toBe(expected);
		}),
		{ numRuns: 2_000 },
	);
});

it('whatever is thrown becomes an error without the key', () => {
	const KEY = 'wsk_secret_0123456789';
	const around = fc.tuple(text(), text()).map((ends) => ends.join(KEY));
	forAll(fc.tuple(anyValue(), around), ([thrown, words]) => {
		expect(toCleanError(thrown, KEY)).toBeInstanceOf(Error);
		const error = new Error(words, { cause: thrown });
		const { message, stack } = toCleanError(error, KEY);
		for (const said of [message, stack, withoutSecrets(KEY, words)]) {
			expect(said).not.toContain(KEY);
		}
	});
});
