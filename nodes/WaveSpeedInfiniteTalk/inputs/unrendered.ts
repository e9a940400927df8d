/** Recognizes texts that an expression left behind instead of its result. */

/** A whole text, or a part of an address, that stands for "nothing there". */
const NOTHING = /^(undefined|null|NaN)$/;
const OBJECT = /\[object \w+\]/;

/** True when an expression was not evaluated, or gave nothing or an object. */
export function isUnrendered(text: string): boolean {
	const value = text.trim();
	return (
		/\{\{|\}\}/.test(value) ||
		/^=?\$(json|node|input|binary|item|vars|env|fromAI|\()/.test(value) ||
		NOTHING.test(value) ||
		OBJECT.test(value)
	);
}

/** True for parts of an address that are such a text. */
export function hasUnrenderedPart(url: URL): boolean {
	const parts = url.pathname.split('/').map((part) => part.replace(/\.\w{1,5}$/, ''));
	return (
		parts.some((part) => NOTHING.test(part) || /%5Bobject%20\w+%5D/i.test(part)) ||
		[...url.searchParams.values()].some((value) => value === 'undefined' || OBJECT.test(value))
	);
}
