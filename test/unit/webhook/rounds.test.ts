/** What this process remembers of rounds, when n8n begins one again on old data. */
import { expect, it } from '@jest/globals';
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
import { createWaitingRun } from '../support/records';

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
	const item = { state: 'done', json: {}, binary } as const;
	return createWaitingRun([item], { round, begun: round - 1 });
}

it('a round that was woken or begun is over for further calls, and so are those before it', () => {
	const { place, begin } = createRun();
	expect(isRoundOver(place, 1)).toBe(false);
	noteWoken(place, 1);
	expect([isRoundOver(place, 1), isRoundOver(place, 2)]).toEqual([true, false]);
	begin(2);
	expect([isRoundOver(place, 2), isRoundOver(place, 3)]).toEqual([true, false]);
	expect(isRoundOver({ ...place, runIndex: 1 }, 1)).toBe(false);
});

it.each<[string, boolean, string, object, number]>([
	['the latest round begins again on other data', true, 'video', {}, 0],
	['the round after it begins', false, 'video', {}, 1],
	['it is a tool, whose execution is never stored meanwhile', false, 'videoTool', {}, 0],
	['its items have files of n8n', true, 'video', { data: { id: 'filesystem:1' } }, 0],
	['its items hold files, which memory does not', false, 'video', { data: { data: 'AAAA' } }, 0],
])('a run goes on with the state of its latest round when %s: %s', (_when, goesOn, ...row) => {
	const [type, binary, round] = row;
	const { place, begin } = createRun(type);
	const { state } = begin();
	leaveRound(place, stored(1, binary));
	expect(begin(round).state === state).toBe(goesOn);
});

it('the last thousand are remembered', () => {
	const first = createRun();
	const { state } = first.begin();
	for (let n = 1; n < 1_000; n++) createRun().begin();
	expect(first.begin().state).toBe(state);
	for (let n = 1; n <= 1_000; n++) createRun().begin();
	expect(first.begin().state).not.toBe(state);
});
