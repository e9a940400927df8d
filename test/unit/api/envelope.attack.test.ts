/**
 * Hostile answers of the API.
 *
 * Vectors: HTML, null, lists, texts and numbers where an object belongs; wrong types in each field;
 * nesting of 100,000 levels; a sentence of 5 MB; keys such as `__proto__` and `constructor`; control
 * characters; `Retry-After` and `Date` far outside of time; IDs that leave their place in a path.
 *
 * Promise: never an error other than ApiError, never a success that is none, and never "nothing
 * happened" about a submission that may have happened.
 */
import { describe, expect, it } from '@jest/globals';
import { retryAfterMs, serviceMessage } from '../../../nodes/WaveSpeedInfiniteTalk/api/envelope';
import { errorFromResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { parsePrediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import {
	GATEWAY_PAGE,
	JOB,
	MODEL,
	MODEL_URL,
	createAnswer,
	createBody,
	createClient,
	createJob,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { apiFailureOf } from '../support/failures';
import { ScriptedHttp } from '../support/http';

const DEPTH = 100_000;

function nest(open: string, close: string, core = '"x"'): string {
	return `${open.repeat(DEPTH)}${core}${close.repeat(DEPTH)}`;
}

const BODIES: Array<[string, string]> = [
	['an HTML page', GATEWAY_PAGE],
	['nothing', ''],
	['null', 'null'],
	['true', 'true'],
	['a number', '200'],
	['a text', '"success"'],
	['a list', '[{"code":200}]'],
	['only a BOM', '\ufeff'],
	['NUL bytes', '\0\0\0'],
	['data that is null', '{"code":200,"data":null}'],
	['data that is a list', '{"code":200,"data":[]}'],
	['data that is a text', '{"code":200,"data":"ok"}'],
	['an ID that is an object', '{"code":200,"data":{"id":{},"status":"created"}}'],
	['an ID that climbs', '{"code":200,"data":{"id":"../../balance","status":"created"}}'],
	['a prototype', '{"code":200,"data":{"__proto__":{"id":"abcd","status":"created"}}}'],
	['a deep list', nest('[', ']')],
	['a deep message', `{"code":200,"message":${nest('[', ']')}}`],
	['a deep error', `{"error":${nest('{"message":', '}')}}`],
	['deep data', `{"code":200,"data":${nest('[', ']')}}`],
];

describe('a submission answered with HTTP 200 and', () => {
	it.each(BODIES)('%s may have made a job', async (_what, text) => {
		const http = new ScriptedHttp().on('POST', MODEL_URL, createAnswer(200, text));
		const client = createClient(http, new VirtualClock());
		const failure = await apiFailureOf(client.submit(MODEL, createBody()));
		expect(failure.details.notProcessed).toBe(false);
		expect(failure.message).not.toBe('');
		expect(failure.message.length).toBeLessThan(600);
	});
});

describe.each([400, 404, 429, 500, 504])('HTTP %i', (status) => {
	it.each(BODIES)('with %s is judged by its status', (_what, text) => {
		const failure = errorFromResponse(createAnswer(status, text), START);
		expect(failure?.details.notProcessed).toBe(status < 500);
		expect(failure?.message).not.toBe('');
	});
});

it('a sentence of 5 MB is cut', () => {
	const text = JSON.stringify({ errors: Array(50).fill('x'.repeat(100_000)) });
	expect(serviceMessage(text)).toHaveLength(500);
});

it.each(['toString', 'constructor', '__proto__'])(
	'a body with the key %s has no sentence',
	(key) => {
		expect(serviceMessage(`{"${key}":"x"}`)).toBe('');
	},
);

it.each(['-5', '1e400', '9'.repeat(400), 'NaN', 'Infinity', '0x10', '5 seconds'])(
	'Retry-After %s is a time that is not negative, or none',
	(value) => {
		const ms = retryAfterMs({ headers: { 'retry-after': value } }, START);
		expect(ms === undefined || ms >= 0).toBe(true);
	},
);

describe('a prediction with fields of wrong types', () => {
	const WRONG = [null, 7, true, 'text', [], {}, [[]], [null], { url: null }];

	it.each(['outputs', 'error', 'code', 'timings', 'executionTime', 'model', 'created_at', 'input'])(
		'%s is read as far as it goes',
		(field) => {
			for (const wrong of WRONG) {
				const prediction = parsePrediction(createJob({ [field]: wrong }));
				expect(prediction).toMatchObject({ id: JOB, status: 'created' });
				expect(typeof prediction?.error).toBe('string');
				expect(typeof prediction?.code).toBe('number');
				expect(prediction?.outputs.every((output) => typeof output === 'string')).toBe(true);
			}
		},
	);
});
