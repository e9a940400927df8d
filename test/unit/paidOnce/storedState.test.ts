import { expect, it } from '@jest/globals';
import {
	openState,
	STATE_VERSION,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';

const PARTS = ['jobs', 'uploads', 'submissions', 'costs', 'waiting', 'files'];
const EMPTY = { version: STATE_VERSION, ...Object.fromEntries(PARTS.map((part) => [part, {}])) };

it('a stored state of this version is the very object, so that changes are stored', () => {
	const state = { ...EMPTY, jobs: { a: { state: 'submitted', id: 'job-a' } } };
	expect(openState({ state })).toBe(state);
});

it.each([
	['a later version', { ...EMPTY, version: STATE_VERSION + 1 }],
	['a missing part', { ...EMPTY, waiting: undefined }],
	['a part that is null', { ...EMPTY, jobs: null }],
	['a part that is a text', { ...EMPTY, uploads: 'x' }],
	['a part that is a list', { ...EMPTY, costs: [] }],
	['nothing', undefined],
	['null', null],
])('a stored state with %s counts as absent', (_what, state) => {
	const container: { state?: unknown } = { state };
	expect(openState(container)).toEqual(EMPTY);
	expect(openState(container)).toBe(container.state);
});
