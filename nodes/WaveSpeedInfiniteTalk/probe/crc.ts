/** Checksums as FLAC has them: most significant bit first, beginning with 0. */

const TABLES = { 8: crcTable(8, 0x07), 16: crcTable(16, 0x8005) };

/** Of polynomial x^8+x^2+x+1. */
export function crc8(bytes: Buffer): number {
	let crc = 0;
	for (const byte of bytes) crc = TABLES[8][crc ^ byte] as number;
	return crc;
}

/** Of polynomial x^16+x^15+x^2+1. */
export function crc16(bytes: Buffer): number {
	let crc = 0;
	for (const byte of bytes) {
		crc = ((crc << 8) ^ (TABLES[16][(crc >> 8) ^ byte] as number)) & 0xffff;
	}
	return crc;
}

function crcTable(bits: number, polynomial: number): number[] {
	const top = 1 << (bits - 1);
	const mask = 2 ** bits - 1;
	return Array.from({ length: 256 }, (_, byte) => {
		let crc = byte << (bits - 8);
		for (let bit = 0; bit < 8; bit++) {
			crc = (crc & top ? (crc << 1) ^ polynomial : crc << 1) & mask;
		}
		return crc;
	});
}
