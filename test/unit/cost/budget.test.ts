/** What keeps a job from being submitted: its price, the sum of the run, the balance. */
import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { Budget } from '../../../nodes/WaveSpeedInfiniteTalk/cost/budget';
import type { CostLimits } from '../../../nodes/WaveSpeedInfiniteTalk/cost/costLimits';
import { checkCostLimit } from '../../../nodes/WaveSpeedInfiniteTalk/cost/costLimits';
import { jobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type { SubmittedJob } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import { Prices } from '../../../nodes/WaveSpeedInfiniteTalk/cost/prices';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { API, createBody, createClient, createRefusal, createSuccess } from '../support/api';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { START, VirtualClock } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

const PRICE_URL = `${API}/model/price`;
const NOT_SUBMITTED = 'Nothing was submitted for this item.';

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock());
const client = fresh(() => createClient(http, clock));
const prices = fresh(() => new Prices(client, new PatientCalls(clock)));
const jobStore = fresh(() => new JobStore(openState({}), clock.now, 'account'));
const budget = fresh(() => new Budget(client, prices, jobStore, 0));

/** Answers each request for a price; one without voices with a low floor. */
function onPrice(reply: HttpResponse): void {
	http.always('POST', PRICE_URL, ({ text }) =>
		text.includes('left_audio') ? reply : priced(0.01),
	);
}

function priced(price: number, currency = 'USD'): HttpResponse {
	return createSuccess({ price, currency });
}

function onBalance(balance: unknown): void {
	http.on('GET', `${API}/balance`, createSuccess({ balance }));
}

/** A job of 4 s, unless its length is given. */
async function submit(
	limits: CostLimits,
	{
		key = '0.0.a',
		durationS = 4 as number | null,
		model = MODELS.infinitetalkFast,
		fails = false,
	} = {},
	origin: SubmittedJob['origin'] = 'submitted',
): Promise<string> {
	const length = durationS === null ? {} : { durationS };
	const job = { key, model, body: createBody(), ...length, limits };
	const { id } = await budget.submitWithin(job, async () => {
		if (fails) throw jobError('refused', 'no', { step: 'submit' });
		return await Promise.resolve({ id: 'job', origin });
	});
	return id;
}

describe('a job', () => {
	it('without a limit is submitted, and nothing is asked for', async () => {
		expect(await submit({})).toBe('job');
		expect([http.requests, jobStore.cost('0.0.a')]).toEqual([[], undefined]);
	});

	it.each([0.3, 0.31])('of $0.30 is submitted within a limit of %d', async (maxCost) => {
		onPrice(priced(0.3));
		onBalance(0.3);
		expect(await submit({ maxCost })).toBe('job');
		expect(jobStore.cost('0.0.a')).toBe(0.3);
		const { model_id, inputs } = JSON.parse(http.requests[0]!.text) as Record<string, unknown>;
		expect([model_id, inputs]).toEqual([MODELS.infinitetalkFast.id, createBody()]);
	});

	it('that is not needed, since another one is used again, costs nothing', async () => {
		onPrice(priced(0.3));
		onBalance(1);
		await submit({ maxCost: 1 }, {}, 'reused');
		expect(jobStore.cost('0.0.a')).toBeUndefined();
	});

	it.each([
		['infinitetalkFast', 'Raise the limit or use shorter voices.'],
		['infinitetalk480p', 'Raise the limit, use shorter voices, or choose a cheaper Model.'],
	] as const)('of %s above its limit is refused, with advice that fits', async (name, advice) => {
		onPrice(priced(0.3));
		const job = { model: MODELS[name], fails: true };
		// A submission would fail in another way.
		expect(await jobErrorOf(submit({ maxCost: 0.2 }, job))).toMatchObject({
			message: 'Max Cost (USD): the job would cost $0.30, but the limit is $0.20',
			advice: `${NOT_SUBMITTED} ${advice}`,
			details: { step: 'price', estimated_cost: 0.3, max_cost: 0.2 },
		});
		expect(jobStore.cost('0.0.a')).toBeUndefined();
	});

	it.each(['EUR', 'CNY', 'XXX'])('whose price is in %s is refused', async (currency) => {
		onPrice(priced(0.3, currency));
		expect(await jobErrorOf(submit({ maxCostPerRun: 1 }))).toMatchObject({
			message: `Max Cost per Run (USD): WaveSpeed's price is in ${currency}, but the limit is in USD`,
			advice: `${NOT_SUBMITTED} Remove the option to submit the job at any price.`,
			details: { step: 'price' },
		});
	});

	it('whose price cannot be read is refused', async () => {
		onPrice(createRefusal(403, 'No right'));
		const error = await jobErrorOf(submit({ maxCost: 1 }));
		expect(error.message).toBe('Max Cost (USD): could not get the price of the job: No right');
		expect(error.advice).toMatch(/^Nothing was submitted for this item\. The account may be/);
		expect(error.details).toEqual({ step: 'price', http_status: 403 });
	});

	it('above the balance is refused', async () => {
		onPrice(priced(0.3));
		onBalance(-0.5);
		expect(await jobErrorOf(submit({ maxCost: 1 }))).toMatchObject({
			message: 'The account has $0.00 left, but the job would cost $0.30',
			advice: `${NOT_SUBMITTED} Top up at wavespeed.ai/top-up, then run the workflow again.`,
			details: { step: 'price', estimated_cost: 0.3 },
		});
	});

	it('is submitted when the balance cannot be read', async () => {
		onPrice(priced(0.3));
		http.on('GET', `${API}/balance`, createRefusal(403, 'No right'));
		expect(await submit({ maxCost: 1 })).toBe('job');
	});
});

describe('a floor price', () => {
	const long = { durationS: 5.1 };

	it.each([
		['of unknown length', { durationS: null }, 1, ''],
		[
			'of 9 s, which may cost 9 times as much',
			{ durationS: 9 },
			1.34,
			' Or raise the limit to $1.35.',
		],
	])('of a video %s is refused above the limit', async (_what, length, maxCost, raise) => {
		http.on('POST', PRICE_URL, priced(0.15), priced(0.15));
		expect(await jobErrorOf(submit({ maxCost }, length))).toMatchObject({
			message:
				'Max Cost (USD): WaveSpeed returned only its floor price ($0.15), probably because it could not measure the voices',
			advice: `${NOT_SUBMITTED} Use WAV or MP3 files for the voices.${raise}`,
			details: { step: 'price', estimated_cost: 0.15 },
		});
		expect(JSON.parse(http.requests[1]!.text)).toMatchObject({ inputs: {} });
	});

	it('of a video that costs less than the limit however few seconds it is for is paid', async () => {
		http.on('POST', PRICE_URL, priced(0.15), priced(0.15));
		onBalance(9);
		expect(await submit({ maxCost: 1.35 }, { durationS: 9 })).toBe('job');
	});

	it('is asked for once for each model, with its resolution', async () => {
		const [large, small] = [MODELS.infinitetalk720p, MODELS.infinitetalk480p];
		http.on('POST', PRICE_URL, ...[0.6, 0.3, 0.7, 0.5, 0.2].map((price) => priced(price)));
		onBalance(9);
		await submit({ maxCost: 1 }, { ...long, model: large });
		await submit({ maxCost: 1 }, { ...long, model: large });
		await submit({ maxCost: 1 }, { ...long, model: small });
		const asked = http.to('POST', PRICE_URL).map(({ text }) => JSON.parse(text) as unknown);
		expect(asked[1]).toEqual({ model_id: large.id, inputs: { resolution: '720p' } });
		expect(asked[4]).toEqual({ model_id: small.id, inputs: { resolution: '480p' } });
	});

	it('that cannot be had does not stop a job', async () => {
		http.on('POST', PRICE_URL, priced(0.3), createRefusal(400, 'image is missing'));
		onBalance(1);
		expect(await submit({ maxCost: 1 }, long)).toBe('job');
	});
});

describe('the price of a job', () => {
	it.each([
		[0.1, 1, true, 0.1],
		[0.1, 3.2, true, 0.4],
		[0.1, undefined, true, Number.POSITIVE_INFINITY],
		[0.2, undefined, false, 0.2],
		[0.09, 3, false, 0.09],
	])('of $%d for %d s is a floor price: %j', async (usd, seconds, isFloor, atMost) => {
		http.on('POST', PRICE_URL, priced(usd), priced(0.1));
		const quote = await prices.quote(MODELS.infinitetalkFast, createBody(), seconds);
		expect(quote).toEqual({ price: usd, currency: 'USD', isFloor, atMost });
	});

	it.each([
		['the price', []],
		['the floor', [priced(0.3)]],
		['the balance', [priced(0.3), priced(0.15)]],
	])('hides no bug behind %s', async (_what, answers) => {
		const bug = new TypeError('a bug');
		http.on('POST', PRICE_URL, ...answers, ...(answers.length < 2 ? [bug] : []));
		if (answers.length === 2) http.on('GET', `${API}/balance`, bug);
		await expect(submit({ maxCost: 1 }, { durationS: 9 })).rejects.toBe(bug);
	});
});

describe('the sum of a run', () => {
	it('counts all jobs but the item itself, to the limit', async () => {
		onPrice(priced(0.1));
		onBalance(9);
		const limits = { maxCostPerRun: 0.3 };
		for (const key of ['0.0.a', '0.1.b', '0.2.c', '0.2.c']) await submit(limits, { key });
		expect(await jobErrorOf(submit(limits, { key: '0.3.d' }))).toMatchObject({
			message:
				'Max Cost per Run (USD): the job would cost $0.10 and bring the total from $0.30 to $0.40, but the limit is $0.30',
			advice: `${NOT_SUBMITTED} Raise the limit or send fewer items.`,
			details: { step: 'price', estimated_cost: 0.1, run_cost: 0.3, max_cost: 0.3 },
		});
	});

	it('and the balance are free again after a submission that made no job', async () => {
		onPrice(priced(0.2));
		onBalance(0.3);
		expect((await jobErrorOf(submit({ maxCost: 1 }, { fails: true }))).message).toBe('refused');
		expect(jobStore.cost('0.0.a')).toBeUndefined();
		expect(await submit({ maxCost: 1 })).toBe('job');
		expect((await jobErrorOf(submit({ maxCost: 1 }, { key: '0.1.b' }))).message).toBe(
			'The account has $0.10 left after the jobs of other items, but the job would cost $0.20',
		);
	});

	it('keeps a job that may exist', async () => {
		onPrice(priced(0.2));
		onBalance(0.3);
		const identity = { accountId: 'account', inputsDigest: 'inputs', seed: -1 };
		const body = createBody();
		jobStore.writeJob('0.0.a', { state: 'submitting', identity, body, since: 0 });
		await jobErrorOf(submit({ maxCost: 1 }, { fails: true }));
		expect(jobStore.cost('0.0.a')).toBe(0.2);
		expect((await jobErrorOf(submit({ maxCost: 1 }, { key: '0.1.b' }))).message).toContain('$0.10');
	});

	it('forgets a job that was not sent again after a refund', async () => {
		onPrice(priced(0.2));
		onBalance(0.3);
		jobStore.writeJob('0.0.a', { state: 'failed', id: 'refunded' });
		await jobErrorOf(submit({ maxCost: 1 }, { fails: true }));
		expect(jobStore.cost('0.0.a')).toBeUndefined();
		expect(await submit({ maxCost: 1 }, { key: '0.1.b' })).toBe('job');
	});

	it.each([
		[{ maxCostPerRun: 1 }, ['a', 'A', 'b', 'B']],
		[{ maxCost: 1 }, ['a', 'b', 'A', 'B']],
	])('with %j lets items in: %j', async (limits, expected) => {
		const seen: string[] = [];
		const work = (name: string) => async () => {
			seen.push(name);
			await new Promise(setImmediate);
			seen.push(name.toUpperCase());
		};
		const timeoutError = () => new Error('late');
		const patience = { deadline: START + 3_600_000, clock, timeoutError };
		await Promise.all(
			['a', 'b'].map(async (name) => await budget.inOrder(limits, work(name), patience)),
		);
		expect(seen).toEqual(expected);
	});
});

describe('a limit', () => {
	it.each([
		[0.5, 0.5],
		[0, 0],
		[' 1.5 ', 1.5],
	])('%j is %d', (value, usd) => {
		expect(checkCostLimit('maxCost', value)).toBe(usd);
	});

	it.each([
		[-1, 'Max Cost (USD): -1 is not an amount of money'],
		['much', 'Max Cost (USD): "much" is not an amount of money'],
		[Infinity, 'Max Cost (USD): null is not an amount of money'],
		[{}, 'Max Cost (USD): {} is not an amount of money'],
		['  ', 'Max Cost (USD) is empty'],
		[null, 'Max Cost (USD) is empty'],
		[undefined, 'Max Cost (USD) is empty'],
	])('%j is refused', async (value, message) => {
		const advice = 'Enter a number of US dollars, such as 0.5, or remove the option.';
		const error = await jobErrorOf(Promise.resolve().then(() => checkCostLimit('maxCost', value)));
		expect(error).toMatchObject({ message, advice, details: { step: 'check' } });
	});
});
