/** The content of a file that an item carries in itself, as n8n's base64 text. */
import type { Problem } from '../shared/problem';
import { BUFFER_ADVICE } from './fieldText';

/** What n8n writes in the place of content that it stores elsewhere. */
const STORED_ELSEWHERE = /^(filesystem|filesystem-v2|s3|azure|azure-blob|database)$/;

/** Characters that are decoded in one go, which takes a few milliseconds; a multiple of four. */
const SLICE_CHARACTERS = 4 * 1024 * 1024;

/**
 * The bytes of `data` in n8n's binary data, slice by slice, decoded again at each call, or why there are none. Line
 * breaks and a `data:` prefix, which code may put there, are no part of the content.
 */
export function decodeInline(data: unknown): (() => Iterable<Buffer>) | Problem {
	if (typeof data !== 'string') {
		const kind = describeBytes(data) ?? describeValue(data);
		return { message: `contains ${kind} instead of base64 text`, advice: BUFFER_ADVICE };
	}
	if (STORED_ELSEWHERE.test(data)) {
		return {
			message: 'lost its reference to the file in n8n',
			advice: 'Pass on the complete binary data, including its "id".',
		};
	}
	const prefix = /^\s*data:[^,]{0,200},/i.exec(data)?.[0] ?? '';
	return () => decodeSlices(data, prefix.length);
}

function* decodeSlices(text: string, start: number): Generator<Buffer, void, void> {
	let digits = '';
	for (let at = start; at < text.length; at += SLICE_CHARACTERS) {
		digits += text.slice(at, at + SLICE_CHARACTERS).replace(/[\s=]+/g, '');
		// Four digits are three bytes.
		const whole = digits.length - (digits.length % 4);
		yield Buffer.from(digits.slice(0, whole), 'base64');
		digits = digits.slice(whole);
	}
	yield Buffer.from(digits, 'base64');
}

/** Bytes in a form that n8n does not take for a file, or undefined when the value is something else. */
export function describeBytes(value: unknown): string | undefined {
	const isArray = Array.isArray(value) && value.length > 0 && value.every(Number.isInteger);
	if (isArray || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
		return 'a list of bytes';
	const { type, data } = (value ?? {}) as { type?: unknown; data?: unknown };
	return type === 'Buffer' && Array.isArray(data) ? 'a Buffer as JSON' : undefined;
}

/** A value of any other kind than it should be, with its article. */
export function describeValue(value: unknown): string {
	if (value === undefined || value === null) return 'nothing';
	if (Array.isArray(value)) return 'a list';
	return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`;
}
