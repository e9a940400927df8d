/**
 * Tells hosts that only machines of the same network reach, by their spelling alone. A public name that
 * resolves to a private address is left to n8n's own protection (`N8N_SSRF_PROTECTION_ENABLED`), which
 * looks at the address that is really connected to.
 */

/** Names for the inside of a network (RFC 6762, 6761, 8375, ICANN's .internal), of clusters and containers. */
const PRIVATE_NAME =
	/(^|\.)(localhost|localdomain|local|internal|intranet|private|lan|home|corp|home\.arpa|fritz\.box|docker|svc|consul|nomad|onion|i2p)$/;
/** Public names that lead to this machine. */
const LOOPBACK_NAME = /(^|\.)(localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|localho\.st)$/;
/** Services whose names have the address in them, which they resolve to. */
const ADDRESS_SERVICE =
	/\.(nip\.io|sslip\.io|xip\.io|traefik\.me|local-ip\.co|plex\.direct|rbndr\.us)$/;

/** IPv4 networks that the internet does not route: first address and length of the prefix. */
const PRIVATE_NETWORKS: ReadonlyArray<readonly [string, number]> = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 4],
	['240.0.0.0', 4],
];

/**
 * True for loopback, private, link-local and documentation addresses in any spelling, for names without
 * a dot and for names of local networks.
 *
 * @param hostname as {@link URL} gives it: lower case, IPv4 as four decimal numbers, IPv6 in brackets
 */
export function isPrivateHost(hostname: string): boolean {
	const name = hostname.toLowerCase().replace(/\.$/, '');
	if (name.startsWith('[')) return isPrivateIpv6(name.slice(1, -1));
	if (/^\d+(\.\d+){3}$/.test(name)) return isPrivateIpv4(name);
	if (!name.includes('.') || PRIVATE_NAME.test(name) || LOOPBACK_NAME.test(name)) return true;
	return ADDRESS_SERVICE.test(name) && namesPrivateAddress(name.replace(ADDRESS_SERVICE, ''));
}

/**
 * True when a part of the name is a private address: `10.0.0.1` or `10-0-0-1` anywhere, `7f000001` in
 * hexadecimal digits, or IPv6 with dashes for colons, as `fe80--1`.
 */
function namesPrivateAddress(name: string): boolean {
	const dotted = name.match(/(?<![\d])\d{1,3}([.-])\d{1,3}\1\d{1,3}\1\d{1,3}(?!\d)/g) ?? [];
	const labels = name.split('.');
	const digits = name.split(/[.-]/).filter((part) => /^[\da-f]{8}$/.test(part));
	const ipv6 = labels.filter(
		(label) => /^[\da-f-]*-[\da-f-]*$/.test(label) && /--|(-.*){7}/.test(label),
	);
	return (
		dotted.some((address) => isPrivateIpv4(address.replaceAll('-', '.'))) ||
		digits.some((part) => isPrivateIpv4(toDotted(Number.parseInt(part, 16)))) ||
		ipv6.some((label) => isPrivateIpv6(label.replaceAll('-', ':')))
	);
}

function isPrivateIpv4(address: string): boolean {
	const value = toNumber(address);
	return PRIVATE_NETWORKS.some(([network, prefix]) => {
		const size = 2 ** (32 - prefix);
		return Math.floor(value / size) === Math.floor(toNumber(network) / size);
	});
}

function toNumber(address: string): number {
	return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toDotted(value: number): string {
	return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}

/**
 * The internet routes 2000::/3 only (IANA's IPv6 address space). Not of it: Teredo, ORCHID and others
 * in 2001::/23, and the documentation networks 2001:db8::/32 and 3fff::/20.
 */
function isPrivateIpv6(address: string): boolean {
	const groups = expand(address);
	const [first = 0, second = 0] = groups;
	const embedded = embeddedIpv4(groups);
	if (embedded !== undefined) return isPrivateIpv4(embedded);
	const isGlobal = (first & 0xe000) === 0x2000;
	const isProtocol = first === 0x2001 && second < 0x200;
	const isDocumentation =
		(first === 0x2001 && second === 0xdb8) || (first === 0x3fff && second < 0x1000);
	return !isGlobal || isProtocol || isDocumentation;
}

/** The IPv4 address that an IPv6 address stands for: mapped, NAT64, 6to4 or ISATAP. */
function embeddedIpv4(groups: readonly number[]): string | undefined {
	const [first = 0, second = 0, third = 0, , , sixth = 0, ...last] = groups;
	const areZero = (...parts: Array<number | undefined>) => parts.every((part) => part === 0);
	const isMapped = areZero(...groups.slice(0, 5)) && sixth === 0xffff;
	const isNat64 = first === 0x64 && second === 0xff9b && areZero(...groups.slice(2, 6));
	const is6to4 = first === 0x2002;
	const isIsatap = sixth === 0x5efe;
	if (!isMapped && !isNat64 && !is6to4 && !isIsatap) return undefined;
	const [high = 0, low = 0] = is6to4 ? [second, third] : last;
	return toDotted(high * 0x10000 + low);
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
	const parse = (part: string) => (part ? part.split(':').map((group) => parseInt(group, 16)) : []);
	const [before = '', after] = address.split('::');
	const [start, end] = [parse(before), parse(after ?? '')];
	const zeros = after === undefined ? 0 : Math.max(8 - start.length - end.length, 0);
	return [...start, ...new Array<number>(zeros).fill(0), ...end];
}
