import { expect, it } from '@jest/globals';
import { titleProblem } from './titles';

it.each([
	['fix: a lost response is looked up', undefined],
	['feat(api)!: another address', undefined],
	[`fix: ${'x'.repeat(67)}`, undefined],
	[`fix: ${'x'.repeat(68)}`, 'has 73 characters'],
	['Fix a lost response', 'does not begin'],
	['fix:no space', 'does not begin'],
	['wip: something', 'does not begin'],
])('the title "%s" is judged', (title, problem) => {
	expect(titleProblem(title)).toEqual(problem && expect.stringContaining(problem));
});
