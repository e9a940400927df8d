import { expect, it } from '@jest/globals';
import { mediaFields } from '../../../nodes/WaveSpeedInfiniteTalk/operations/mediaFields';

const modes = mediaFields
	.flatMap((field) => field.modes ?? [])
	.filter(({ name }) => name === 'url');

it.each([
	['image', true],
	['left_audio', true],
	['', false],
	['https://files.example/pair.png', false],
	['files.example/pair.png', false],
	['{{ $json.url }}', false],
	['  https://files.example/pair.png\n', false],
])('the editor marks %j in the mode URL: %s', (text, isMarked) => {
	expect(modes).toHaveLength(10);
	for (const { validation = [] } of modes) {
		const [rule] = validation as unknown as Array<{ properties: { regex: string } }>;
		// As n8n puts it together.
		expect(new RegExp(`^${rule?.properties.regex}$`).test(text)).toBe(!isMarked);
	}
});
