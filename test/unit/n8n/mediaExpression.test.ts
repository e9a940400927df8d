import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nodesNamedIn } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/mediaExpression';
import { forAll } from '../support/arbitraries';

it.each([
	["{{ $('It\\'s').item.binary.data }}", ["It's"]],
	['{{ $("Left voice").first().binary.data }}', ['Left voice']],
	['{{ $node["Old way"].binary.data }}', ['Old way']],
	["{{ $('A').isExecuted ? $('A').item : $('B').item }}", ['A', 'B']],
	['{{ $json.fileName }}', []],
])('%s names %j', (expression, nodes) => {
	expect(nodesNamedIn(expression)).toEqual(nodes);
});

it('nodes are found by the names that they are given', () => {
	const names = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 4 });
	forAll(fc.tuple(names, fc.constantFrom("'", '"')), ([all, quote]) => {
		const escape = (name: string) => name.replace(/['"\\]/g, '\\$&');
		const calls = all.map((name) => `$( ${quote}${escape(name)}${quote} ).item`);
		expect(nodesNamedIn(`{{ ${calls.join(' ?? ')} }}`)).toEqual(all);
	});
});
