import { describe, expect, it } from '@jest/globals';
import type { ListQuery, PredictionPage } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import { hasWords, jobTitle } from '../../../nodes/WaveSpeedInfiniteTalk/output/jobTitle';
import { listJobs } from '../../../nodes/WaveSpeedInfiniteTalk/output/listJobs';
import { createPrediction, JOB } from '../support/api';

const JOBS = Array.from({ length: 250 }, (_each, index) =>
	createPrediction({ id: `job-${index}` }),
);

/** A service with these jobs; `shift` new ones come before each page. */
function service(shift = 0) {
	const queries: ListQuery[] = [];
	const read = async (query: ListQuery): Promise<PredictionPage> => {
		const first = (query.page - 1) * query.pageSize - shift * queries.length;
		queries.push(query);
		const items = JOBS.slice(Math.max(first, 0), Math.max(first + query.pageSize, 0));
		return { items, full: items.length >= query.pageSize };
	};
	return { queries, read };
}

describe('a list of jobs', () => {
	it.each([
		['a short list', { limit: 50 }, 50, 1, 2],
		['more than a page', { limit: 101 }, 200, 2, 3],
		['all', { limit: Infinity }, 250, 3, undefined],
		['from another page', { limit: 100, page: 3 }, 50, 1, undefined],
		['no more pages than allowed', { limit: 500, maxPages: 2 }, 200, 2, 3],
		['as many pages from another one', { limit: 500, page: 2, maxPages: 2 }, 150, 2, undefined],
	])('%s', async (_what, range, jobs, pages, nextPage) => {
		const { queries, read } = service();
		const list = await listJobs(read, { status: 'failed' }, range);
		expect(list.jobs).toHaveLength(jobs);
		expect(list.nextPage).toBe(nextPage);
		expect(queries).toHaveLength(pages);
		expect(queries[0]).toMatchObject({ status: 'failed', pageSize: Math.min(range.limit, 100) });
	});

	it('goes on in whole pages until enough jobs are to be kept', async () => {
		const keep = ({ id }: { id: string }) => id === 'job-120';
		const { queries, read } = service();
		expect((await listJobs(read, {}, { limit: 1, keep })).jobs).toEqual([JOBS[120]]);
		expect(queries).toHaveLength(2);
	});

	it('has no job twice when new ones push the pages, and loses none', async () => {
		const { jobs } = await listJobs(service(30).read, {}, { limit: Infinity });
		expect(jobs).toEqual(JOBS);
	});

	it('ends at a service that gives the same page for ever', async () => {
		const items = JOBS.slice(0, 100);
		const { jobs } = await listJobs(async () => ({ items, full: true }), {}, { limit: Infinity });
		expect(jobs).toEqual(items);
	});
});

describe('the title of a job', () => {
	const prompt = 'Two friends talk on a sofa';
	const job = createPrediction({
		created_at: '2026-01-31T23:30:00.000000001Z',
		inputs: { prompt: ` ${prompt} ` },
	});

	const made = Date.parse('2026-01-31T23:30:00Z');

	it.each([
		['half a minute', 0.5, 'just now'],
		['3 minutes', 3.9, '3 min ago'],
		['5 hours', 5 * 60 + 59, '5 h ago'],
		['a day', 24 * 60, '1 day ago'],
		['6 days', 6.9 * 24 * 60, '6 days ago'],
	])('begins with the age of a job of %s', (_what, minutes, age) => {
		expect(jobTitle(job, made + minutes * 60_000)).toBe(`${age} · created · ${prompt}`);
	});

	it('is status and ID where a job has neither date nor prompt', () => {
		const bare = createPrediction({ created_at: 'never' });
		expect(jobTitle(bare, made)).toBe(`created · ${JOB}`);
	});

	it.each([
		['', true],
		['sofa FRIENDS', true],
		['ago created', true],
		[JOB.slice(0, 8), true],
		[JOB.slice(8, 16), false],
		['sofa chair', false],
	])('has the words "%s": %s', (words, expected) => {
		expect(hasWords(job, words, made + 120_000)).toBe(expected);
	});
});
