import { beforeEach } from '@jest/globals';
import { later } from '../../testbed/lib/later';

/** An object under one name for all tests of a file, which is made anew for each of them. */
export function fresh<T extends object>(make: () => T): T {
	let made: T | undefined;
	beforeEach(() => {
		made = undefined;
	});
	return later(() => (made ??= make()));
}
