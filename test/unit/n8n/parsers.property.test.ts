import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isBinaryValue } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/binaryValue';
import { nodesNamedIn } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/mediaExpression';
import { anyValue, forAll, text } from '../support/arbitraries';

it('nodes are found by the names that they are given', () => {
	const names = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 4 });
	forAll(fc.tuple(names, fc.constantFrom("'", '"')), ([all, quote]) => {
		const escape = (name: string) => name.replace(/['"\\]/g, '\\$&');
		const calls = all.map((name) => `$( ${quote}${escape(name)}${quote} ).item`);
		expect(nodesNamedIn(`{{ ${calls.join(' ?? ')} }}`)).toEqual(all);
	});
});

it('any text names some nodes, each once', () => {
	const expressions = fc
		.array(fc.oneof(text(), fc.constantFrom("$('", '$node["', '")', "\\'", '"]')))
		.map((all) => all.join(''));
	forAll(expressions, (expression) => {
		const names = nodesNamedIn(expression);
		expect(new Set(names).size).toBe(names.length);
	});
});

it('any value is a file of n8n, or none', () => {
	const fields = { mimeType: anyValue(), data: anyValue(), id: anyValue() };
	forAll(fc.oneof(anyValue(), fc.record(fields, { requiredKeys: [] })), (value) => {
		const has = (key: string) => typeof value === 'object' && value !== null && key in value;
		expect(isBinaryValue(value)).toBe(has('mimeType') && (has('data') || has('id')));
	});
});
