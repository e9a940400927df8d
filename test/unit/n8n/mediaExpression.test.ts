import { expect, it } from '@jest/globals';
import { nodesNamedIn } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/mediaExpression';

it.each([
	["{{ $('Picture').item.binary.data }}", ['Picture']],
	['{{ $("Left voice").first().binary.data }}', ['Left voice']],
	["{{ $('It\\'s').item }}", ["It's"]],
	['{{ $node["Old way"].binary.data }}', ['Old way']],
	["{{ $('A').isExecuted ? $('A').item : $('B').item }}", ['A', 'B']],
	['{{ $json.fileName }}', []],
	['image', []],
])('%s names %j', (expression, nodes) => {
	expect(nodesNamedIn(expression)).toEqual(nodes);
});
