/** Tells hosts that only machines of the same network reach. */

/** Names for the inside of a network (RFC 6762, 6761, 8375, ICANN's .internal) and of containers. */
const PRIVATE_NAME =
	/(^|\.)(localhost|localdomain|local|internal|intranet|private|lan|home|corp|home\.arpa|fritz\.box|docker|onion|localtest\.me|lvh\.me|localho\.st)$/;
/** Services that make a name of any IPv4 address. */
const ADDRESS_NAME = /(?:^|[.-])(\d{1,3}[.-]\d{1,3}[.-]\d{1,3}[.-]\d{1,3})\.(?:nip|sslip|xip)\.io$/;

/** IPv4 networks that the internet does not route: first address and length of the prefix. */
const PRIVATE_NETWORKS: ReadonlyArray<readonly [string, number]> = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.168.0.0', 16],
	['198.18.0.0', 15],
	['224.0.0.0', 4],
	['240.0.0.0', 4],
];

/**
 * True for loopback, private and link-local addresses in any spelling, for names without a dot and
 * for names of local networks.
 *
 * @param hostname as {@link URL} gives it: lower case, IPv4 as four decimal numbers, IPv6 in brackets
 */
export function isPrivateHost(hostname: string): boolean {
	const name = hostname.toLowerCase().replace(/\.$/, '');
	if (name.startsWith('[')) return isPrivateIpv6(name.slice(1, -1));
	if (isIpv4(name)) return isPrivateIpv4(name);
	const embedded = ADDRESS_NAME.exec(name)?.[1]?.replaceAll('-', '.');
	if (embedded) return isPrivateIpv4(embedded);
	return !name.includes('.') || PRIVATE_NAME.test(name);
}

function isIpv4(name: string): boolean {
	return /^\d+(\.\d+){3}$/.test(name);
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

function isPrivateIpv6(address: string): boolean {
	const groups = expand(address);
	const [first = 0, second = 0] = groups;
	const embedded = embeddedIpv4(groups);
	if (embedded !== undefined) return isPrivateIpv4(embedded);
	const isUniqueLocal = (first & 0xfe00) === 0xfc00;
	const isLinkOrSiteLocal = (first & 0xff80) === 0xfe80;
	const isMulticast = (first & 0xff00) === 0xff00;
	return isUniqueLocal || isLinkOrSiteLocal || isMulticast || (first === 0 && second === 0);
}

/** The IPv4 address that an IPv6 address stands for: mapped, NAT64 or 6to4. */
function embeddedIpv4(groups: readonly number[]): string | undefined {
	const [first = 0, second = 0, third = 0] = groups;
	const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
	const isNat64 = first === 0x64 && second === 0xff9b;
	const is6to4 = first === 0x2002;
	if (!isMapped && !isNat64 && !is6to4) return undefined;
	const [high = 0, low = 0] = is6to4 ? [second, third] : groups.slice(6);
	return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
	const parse = (part: string) => (part ? part.split(':').map((group) => parseInt(group, 16)) : []);
	const [before = '', after] = address.split('::');
	const [start, end] = [parse(before), parse(after ?? '')];
	const zeros = after === undefined ? 0 : Math.max(8 - start.length - end.length, 0);
	return [...start, ...new Array<number>(zeros).fill(0), ...end];
}
