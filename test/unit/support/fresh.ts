import { beforeEach } from '@jest/globals';

/** An object under one name for all tests of a file, which is made anew for each of them. */
export function fresh<T extends object>(make: () => T): T {
	let made: T | undefined;
	beforeEach(() => {
		made = undefined;
	});
	const current = () => (made ??= make());
	return new Proxy({} as T, {
		get(_target, key) {
			const value: unknown = Reflect.get(current(), key);
			return typeof value === 'function' ? value.bind(current()) : value;
		},
		set: (_target, key, value) => Reflect.set(current(), key, value),
	});
}
