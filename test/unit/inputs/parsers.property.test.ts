/** What n8n stored, what the service prices, and what users' expressions give. */
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkCostLimit } from '../../../nodes/WaveSpeedInfiniteTalk/cost/costLimits';
import { JobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { DEFAULT_MODEL } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { Prices } from '../../../nodes/WaveSpeedInfiniteTalk/cost/prices';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { API, createResponse, createBody, createClient } from '../support/api';
import { anyValue, forAll, spoiled, text } from '../support/arbitraries';
import { START, VirtualClock } from '../support/clock';
import { ScriptedHttp } from '../support/http';
import { check, createRequest } from '../support/job';

const PARTS = ['jobs', 'uploads', 'submissions', 'costs', 'waiting'] as const;
const EMPTY = { version: 1, ...Object.fromEntries(PARTS.map((part) => [part, {}])) };

it('any stored state is opened, and what is written to it is read again', () => {
	const writes = fc.array(
		fc.record({ key: text(), id: text(), usd: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
		{ maxLength: 5 },
	);
	forAll(fc.tuple(spoiled(EMPTY), writes), ([json, all]) => {
		// What is too deep to be stored was never stored.
		fc.pre(json.length < 20_000);
		const stored = { state: JSON.parse(json) as unknown };
		const write = new JobStore(openState(stored), () => START, 'account');
		for (const { key, id, usd } of all) {
			write.writeJob(`0.${key}`, { state: 'submitted', id });
			write.writeCost(`0.${key}`, usd);
			write.writeUpload(key, id);
			write.countSubmission(`0.${key}`, 'e');
		}
		const again = JSON.parse(JSON.stringify(stored)) as typeof stored;
		const read = new JobStore(openState(again), () => START, 'account');
		for (const { key } of all) {
			const last = all.filter((other) => other.key === key).at(-1)!;
			expect(read.job(`0.${key}`)).toEqual({ state: 'submitted', id: last.id });
			expect(read.cost(`0.${key}`)).toBe(last.usd + 0);
			expect(read.upload(key)).toBe(last.id);
			expect(read.submissions(`0.${key}`, 'e').count).toBeGreaterThan(0);
		}
	});
});

it('any answer is a price of a finite amount, or an ApiError', async () => {
	const answer = { code: 200, message: 'success', data: { price: 0.3, currency: 'USD' } };
	await fc.assert(
		fc.asyncProperty(spoiled(answer), spoiled(answer), async (job, floor) => {
			const clock = new VirtualClock();
			const http = new ScriptedHttp().always('POST', `${API}/model/price`, ({ text: body }) =>
				createResponse(200, body.includes('left_audio') ? job : floor),
			);
			const prices = new Prices(createClient(http, clock), new PatientCalls(clock));
			const result = await prices.quote(DEFAULT_MODEL, createBody(), undefined).catch(toError);
			if (result instanceof Error) return;
			expect(Number.isFinite(result.price) && result.price >= 0).toBe(true);
			expect(typeof result.isFloor).toBe('boolean');
		}),
	);
});

function toError(error: unknown): ApiError {
	if (!(error instanceof ApiError)) throw error;
	return error;
}

it('any values of the fields are checked, or refused in a short sentence', async () => {
	const expectShort = (error: unknown) => {
		if (!(error instanceof JobError)) throw error;
		expect(error.message.length).toBeLessThan(1_500);
	};
	await fc.assert(
		fc.asyncProperty(anyValue(), anyValue(), anyValue(), async (seed, prompt, model) => {
			await check(createRequest({ seed, prompt, model })).catch(expectShort);
			try {
				expect(checkCostLimit('maxCost', seed)).toBeGreaterThanOrEqual(0);
			} catch (error) {
				expectShort(error);
			}
		}),
	);
});
