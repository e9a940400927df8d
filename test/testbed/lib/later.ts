/** Stands for an object that is made later, such as before the first test of a file. */
export function later<T extends object>(made: () => T): T {
	return new Proxy({} as T, {
		get(_placeholder, key): unknown {
			const object = made();
			const value: unknown = Reflect.get(object, key);
			return typeof value === 'function' ? value.bind(object) : value;
		},
		set: (_placeholder, key, value) => Reflect.set(made(), key, value),
	});
}
