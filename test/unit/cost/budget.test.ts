/** What keeps a job from being submitted: its price, the sum of the run, the balance. */
import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { Budget } from '../../../nodes/WaveSpeedInfiniteTalk/cost/budget';
import type { CostLimits } from '../../../nodes/WaveSpeedInfiniteTalk/cost/costLimits';
import { jobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { Prices } from '../../../nodes/WaveSpeedInfiniteTalk/cost/prices';
import { API, createBody, createRefusal, createSuccess, freshApi } from '../support/api';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { createUnconfirmed } from '../support/records';

const { calls, client, http, jobStore } = freshApi();

const PRICE_URL = `${API}/model/price`;
const BALANCE_URL = `${API}/balance`;
const NOT_SUBMITTED = 'Nothing was submitted for this item.';
const KEY = '0.0.a';

const prices = fresh(() => new Prices(client, calls));
const budget = fresh(() => new Budget(client, prices, jobStore, 0));

const priced = (price: number, currency = 'USD') => createSuccess({ price, currency });

/** The service's price of a job, and what is left on the account; a job without voices costs little. */
function onPrice(reply: HttpResponse, balance?: number | HttpResponse): void {
	http.always('POST', PRICE_URL, ({ text }) => (text.includes('image') ? reply : priced(0.01)));
	if (typeof balance === 'number') http.on('GET', BALANCE_URL, createSuccess({ balance }));
	else if (balance) http.on('GET', BALANCE_URL, balance);
}

const JOB = { key: KEY, model: MODELS.infinitetalkFast, durationS: 4 as number | undefined };

async function submit(limits: CostLimits, more: Partial<typeof JOB> = {}, fails = false) {
	const { durationS, ...job } = { ...JOB, ...more, body: createBody(), limits };
	const length = durationS === undefined ? {} : { durationS };
	const { id } = await budget.submitWithin({ ...job, ...length }, async () => {
		if (fails) throw jobError('refused', 'no', { step: 'submit' });
		return await Promise.resolve({ id: 'job', origin: 'submitted' });
	});
	return id;
}

/** The error of a job that is not submitted: a submission would fail in another way. */
const refusalOf = async (limits: CostLimits, job = {}) =>
	await jobErrorOf(submit(limits, job, true));

describe('a job', () => {
	it('without a limit is submitted, and nothing is asked for', async () => {
		expect(await submit({})).toBe('job');
		expect([http.requests, jobStore.cost(KEY)]).toEqual([[], undefined]);
	});

	it('is submitted when the balance cannot be read', async () => {
		onPrice(priced(0.3), createRefusal(403, 'No right'));
		expect(await submit({ maxCost: 1 })).toBe('job');
	});

	it.each([
		['infinitetalkFast', 'Raise the limit or use shorter voices.'],
		['infinitetalk480p', 'Raise the limit, use shorter voices, or choose a cheaper Model.'],
	] as const)('of %s above its limit is refused, with advice that fits', async (name, advice) => {
		onPrice(priced(0.3));
		expect(await refusalOf({ maxCost: 0.2 }, { model: MODELS[name] })).toMatchObject({
			message: 'Max Cost (USD): the job would cost $0.30, but the limit is $0.20',
			advice: `${NOT_SUBMITTED} ${advice}`,
			details: { step: 'price', estimated_cost: 0.3, max_cost: 0.2 },
		});
		expect(jobStore.cost(KEY)).toBeUndefined();
	});

	it('whose price is in another currency is refused', async () => {
		onPrice(priced(0.3, 'EUR'));
		expect(await refusalOf({ maxCostPerRun: 1 })).toMatchObject({
			message: "Max Cost per Run (USD): WaveSpeed's price is in EUR, but the limit is in USD",
			advice: `${NOT_SUBMITTED} Remove the option to submit the job at any price.`,
			details: { step: 'price' },
		});
	});

	it('whose price cannot be read is refused', async () => {
		onPrice(createRefusal(403, 'No right'));
		expect(await refusalOf({ maxCost: 1 })).toMatchObject({
			message: 'Max Cost (USD): could not get the price of the job: No right',
			advice: expect.stringMatching(`^${NOT_SUBMITTED} The account may be`),
			details: { step: 'price', http_status: 403 },
		});
	});

	it('above the balance is refused', async () => {
		onPrice(priced(0.3), -0.5);
		expect(await refusalOf({ maxCost: 1 })).toMatchObject({
			message: 'The account has $0.00 left, but the job would cost $0.30',
			advice: `${NOT_SUBMITTED} Top up at wavespeed.ai/top-up, then run the workflow again.`,
			details: { step: 'price', estimated_cost: 0.3 },
		});
	});
});

describe('a floor price', () => {
	const onFloor = () => http.on('POST', PRICE_URL, priced(0.15), priced(0.15));

	it.each([
		['of unknown length', undefined, 1, ''],
		['of 9 s, which may cost 9 times as much', 9, 1.34, ' Or raise the limit to $1.35.'],
	])('of a video %s is refused above the limit', async (_what, durationS, maxCost, raise) => {
		onFloor();
		expect(await refusalOf({ maxCost }, { durationS })).toMatchObject({
			message:
				'Max Cost (USD): WaveSpeed returned only its floor price ($0.15), probably because it could not measure the voices',
			advice: `${NOT_SUBMITTED} Use WAV or MP3 files for the voices.${raise}`,
			details: { step: 'price', estimated_cost: 0.15 },
		});
		expect(http.json(PRICE_URL)[1]).toMatchObject({ inputs: {} });
	});

	it('of a video that costs less than the limit however few seconds it is for is paid', async () => {
		onFloor().on('GET', BALANCE_URL, createSuccess({ balance: 9 }));
		expect(await submit({ maxCost: 1.35 }, { durationS: 9 })).toBe('job');
	});

	it('above the limit by itself is refused for that', async () => {
		onFloor().on('GET', BALANCE_URL, createSuccess({ balance: 9 }));
		expect(await refusalOf({ maxCostPerRun: 0.1 }, { durationS: 9 })).toMatchObject({
			message: expect.stringContaining('bring the total from $0.00 to $0.15'),
			advice: `${NOT_SUBMITTED} Raise the limit or send fewer items.`,
			details: { step: 'price', estimated_cost: 0.15, run_cost: 0, max_cost: 0.1 },
		});
	});

	it.each([
		[0.1, 1, true, 0.1],
		[0.1, 3.2, true, 0.4],
		[0.1, undefined, true, Number.POSITIVE_INFINITY],
		[0.2, undefined, false, 0.2],
		[0.09, 3, false, 0.09],
	])('is a price of $%d for %d s: %s; at most %d', async (usd, seconds, isFloor, atMost) => {
		http.on('POST', PRICE_URL, priced(usd), priced(0.1));
		const quote = await prices.quote(MODELS.infinitetalkFast, createBody(), seconds);
		expect(quote).toEqual({ price: usd, currency: 'USD', isFloor, atMost });
	});

	it('is asked for once for each model, with its resolution; none is none', async () => {
		const [large, small] = [MODELS.infinitetalk720p, MODELS.infinitetalk480p];
		const replies = [0.6, 0.3, 0.7, 0.5].map((price) => priced(price));
		http.on('POST', PRICE_URL, ...replies, createRefusal(400, 'image is missing'));
		const quotes = [large, large, small].map(
			async (model) => await prices.quote(model, createBody(), 5),
		);
		for (const { isFloor } of await Promise.all(quotes)) expect(isFloor).toBe(false);
		const asked = http.json().filter(({ inputs }) => !('image' in (inputs as object)));
		expect(asked).toEqual([
			{ model_id: large.id, inputs: { resolution: '720p' } },
			{ model_id: small.id, inputs: { resolution: '480p' } },
		]);
	});
});

it.each([
	['the price', []],
	['the floor', [priced(0.3)]],
	['the balance', [priced(0.3), priced(0.15)]],
])('no bug is hidden behind %s', async (_what, answers) => {
	const bug = new TypeError('a bug');
	http.on('POST', PRICE_URL, ...answers, ...(answers.length < 2 ? [bug] : []));
	if (answers.length === 2) http.on('GET', BALANCE_URL, bug);
	await expect(submit({ maxCost: 1 }, { durationS: 9 })).rejects.toBe(bug);
});

it.each([
	['a job that was not sent again after a refund', { state: 'failed', id: 'x' }, undefined],
	['no submission whose job may exist', createUnconfirmed(), 0.2],
] as const)('the sum of a run and the balance forget %s', async (_what, record, cost) => {
	onPrice(priced(0.2), 0.3);
	jobStore.writeJob(KEY, record);
	expect((await refusalOf({ maxCost: 1 })).message).toBe('refused');
	expect(jobStore.cost(KEY)).toBe(cost);
	if (cost === undefined) expect(await submit({ maxCost: 1 }, { key: '0.1.b' })).toBe('job');
	expect((await refusalOf({ maxCost: 1 }, { key: '0.2.c' })).message).toBe(
		'The account has $0.10 left after the jobs of other items, but the job would cost $0.20',
	);
});
