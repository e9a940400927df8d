/** Times as expressions give them for the filters of Get Many. */
import { expect, it } from '@jest/globals';
import type { Item } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/item';
import { readFilters } from '../../../nodes/WaveSpeedInfiniteTalk/operations/jobFilters';

const NOON = Date.UTC(2026, 0, 31, 12);

/** An item of a workflow an hour before UTC, whose expressions know the zone. */
function createItem(filters: Record<string, unknown>): Item {
	const evaluate = (expression: string) => {
		const [, json] = /fromISO\((".*")\)/.exec(expression)!;
		const text = JSON.parse(json!) as string;
		// Nor does Luxon take a blank between date and time.
		if (text.includes(' ')) return Number.NaN;
		return Date.parse(text.endsWith('Z') ? text : `${text}+01:00`);
	};
	return { parameter: () => filters, evaluate } as unknown as Item;
}

it.each([
	['2026-01-31T12:00:00Z'],
	['2026-01-31 13:00'],
	[' 2026-01-31T13:00:00 '],
	[new Date(NOON)],
	// As the dates of n8n's expressions.
	[{ toJSON: () => '2026-01-31T12:00:00.000Z' }],
])('%p is a time, of the zone of the workflow unless it has its own', (createdAfter) => {
	expect(readFilters(createItem({ createdAfter }))).toEqual({ filters: { createdAfter: NOON } });
});

it.each([['tomorrow'], ['2026-13-01'], [NOON], [{}], [[]], [new Date(Number.NaN)]])(
	'%p is no time',
	(createdBefore) => {
		const message = expect.stringMatching(/^Created Before: .* is not a date$/);
		expect(() => readFilters(createItem({ createdBefore }))).toThrow(
			expect.objectContaining({ message }),
		);
	},
);

it('filters that are empty count as none', () => {
	const empty = { createdAfter: '', createdBefore: null, status: ' ', model: undefined };
	expect(readFilters(createItem(empty))).toEqual({ filters: {} });
});
