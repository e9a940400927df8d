import { describe, expect, it } from '@jest/globals';
import { jobIdFrom } from '../../../nodes/WaveSpeedInfiniteTalk/api/jobLink';
import { JOB } from '../support/api';

describe('the ID of a job in what people paste', () => {
	it.each([
		['the ID', JOB],
		['the ID with spaces', ` ${JOB}\n`],
		['a link of the API', `https://api.wavespeed.ai/api/v3/predictions/${JOB}/result`],
		['a link of an emulator', `http://127.0.0.1:4010/api/v3/predictions/${JOB}/result?x=1`],
		['a page of the site', `https://wavespeed.ai/history/${JOB}`],
		['a page with a query', `https://wavespeed.ai/history?prediction_id=${JOB}&tab=video`],
		['a page with a fragment', `https://wavespeed.ai/history#id=${JOB}`],
		['a page of one job', `https://wavespeed.ai/prediction/${JOB}/`],
		['a link with slashes too many', `https://wavespeed.ai//predictions//${JOB}`],
		['a route in a fragment', `https://wavespeed.ai/x#/?taskid=${JOB}`],
		['a later parameter', `https://wavespeed.ai/x?id=a%2Fb&tab=1&job=${JOB}`],
		['a short parameter', `https://wavespeed.ai/x?prediction=${JOB}`],
		['other letters', `https://wavespeed.ai/HISTORY/${JOB}`],
	])('%s', (_what, text) => {
		expect(jobIdFrom(text)).toBe(JOB);
	});

	it.each(['undelete', 'results', 'task:2026.01.01~7', '..a'])('%s is an ID', (id) => {
		expect(jobIdFrom(`https://wavespeed.ai/history/${id}`)).toBe(id);
	});

	it.each([
		['nothing', ''],
		['a path', '../../balance'],
		['a video', 'https://example.com/video.mp4'],
		['the list of jobs', 'https://wavespeed.ai/history'],
		['the call that deletes', 'https://api.wavespeed.ai/api/v3/predictions/delete'],
		['a call without an ID', 'https://api.wavespeed.ai/api/v3/predictions/result'],
		['an encoded path', 'https://api.wavespeed.ai/api/v3/predictions/..%2Fbalance'],
		['a folder of another name', `https://wavespeed.ai/xpredictions/${JOB}`],
		['a folder of a longer name', `https://wavespeed.ai/predictionsx/${JOB}`],
		['a parameter of another name', `https://wavespeed.ai/x?paid=${JOB}`],
		['a parameter of a longer name', `https://wavespeed.ai/x?identity=${JOB}`],
		['a fragment behind a hash', `https://wavespeed.ai/x?y=a#b#/?id=${JOB}`],
		['another scheme', `ftp://wavespeed.ai/history/${JOB}`],
	])('%s is none', (_what, text) => {
		expect(jobIdFrom(text)).toBeUndefined();
	});
});
