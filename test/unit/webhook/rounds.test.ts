/** What this process remembers of rounds, when n8n begins one again on old data. */
import { describe, expect, it } from '@jest/globals';
import type { IExecuteData, IExecuteFunctions } from 'n8n-workflow';
import type { WaitingRun } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { readMarker, writeMarker } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/pause';
import {
	enterRound,
	isRoundOver,
	leaveRound,
	noteWoken,
} from '../../../nodes/WaveSpeedInfiniteTalk/webhook/rounds';

let executions = 0;

/** A new run of a node, and how n8n begins it: each time on data of its own, unless told otherwise. */
function createRun(type = 'video') {
	const place = { executionId: `execution ${++executions}`, node: 'Video', runIndex: 0 };
	const begin = (round = 0, data = {}, container: { state?: unknown } = {}) => {
		const entry = {} as IExecuteData;
		const context = {
			runExecutionData: data,
			getExecutionId: () => place.executionId,
			getNode: () => ({ name: place.node, type }),
			getContext: () => container,
			getExecuteData: () => entry,
			evaluateExpression: () => place.runIndex,
			logger: { info: () => undefined },
		} as unknown as IExecuteFunctions;
		if (round > 0) writeMarker(context, { round, ids: [] });
		enterRound(context);
		return { state: openState(container), marker: readMarker(context) };
	};
	return { place, begin };
}

function stored(round: number, binary = {}): WaitingRun {
	const notes = { hints: [], reusedFrom: [], recovered: 0, flagged: 0, videos: 0 };
	const facts = { storedAt: 0, executionId: '', notes };
	const items = [{ state: 'done', json: {}, binary } as const];
	return { round, begun: round - 1, ...facts, items };
}

describe('a round', () => {
	it('that was woken or begun is over for further calls, and so are those before it', () => {
		const { place, begin } = createRun();
		expect(isRoundOver(place, 1)).toBe(false);
		noteWoken(place, 1);
		expect([isRoundOver(place, 1), isRoundOver(place, 2)]).toEqual([true, false]);
		begin(2);
		expect([isRoundOver(place, 2), isRoundOver(place, 3)]).toEqual([true, false]);
		expect(isRoundOver({ ...place, runIndex: 1 }, 1)).toBe(false);
	});

	it('that begins again on other data goes on with what the latest one left', () => {
		const { place, begin } = createRun();
		const { state } = begin();
		leaveRound(place, stored(1));
		const again = begin();
		expect(again.state).toBe(state);
		expect(again.state.waiting[0]).toEqual(stored(1));
		expect(again.marker).toEqual({ round: 1, ids: [] });
	});

	it('that begins again on the same data is a retry', () => {
		const { place, begin } = createRun();
		const data = {};
		begin(1, data);
		leaveRound(place, stored(2));
		expect(begin(1, data).marker).toEqual({ round: 1, ids: [] });
	});

	it('after the latest one goes on with what n8n has stored', () => {
		const { place, begin } = createRun();
		const { state } = begin();
		leaveRound(place, stored(1));
		expect(begin(1).state).not.toBe(state);
	});

	it('of a tool has nothing to go on with: its execution is never stored meanwhile', () => {
		const { begin } = createRun('videoTool');
		const { state } = begin();
		expect(begin().state).not.toBe(state);
	});
});

it('files inside of items are not held in memory', () => {
	const { place, begin } = createRun();
	const { state } = begin();
	leaveRound(place, stored(1, { data: { data: 'AAAA' } }));
	expect(begin().state).not.toBe(state);
	const other = createRun();
	const kept = other.begin();
	leaveRound(other.place, stored(1, { data: { id: 'filesystem:1' } }));
	expect(other.begin().state).toBe(kept.state);
});

it('the last thousand are remembered', () => {
	const first = createRun();
	const { state } = first.begin();
	for (let n = 1; n < 1_000; n++) createRun().begin();
	expect(first.begin().state).toBe(state);
	for (let n = 1; n <= 1_000; n++) createRun().begin();
	expect(first.begin().state).not.toBe(state);
});
