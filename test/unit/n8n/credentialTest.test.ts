/** What "Test" of the credential says. */
import { describe, expect, it } from '@jest/globals';
import type { ICredentialsDecrypted, ICredentialTestFunctions } from 'n8n-workflow';
import { testWaveSpeedApi } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/credentialTest';

const KEY = 'wsk_secret_0123456789';

async function check(statusCode: number, body: object) {
	const helpers = { request: async () => await Promise.resolve({ statusCode, headers: {}, body }) };
	const context = { helpers } as unknown as ICredentialTestFunctions;
	const data = { apiKey: KEY, baseUrl: 'https://api.wavespeed.ai' };
	return await testWaveSpeedApi.call(context, { data } as unknown as ICredentialsDecrypted);
}

describe('a key', () => {
	it('that reads the balance works', async () => {
		const answer = await check(200, { code: 200, data: { balance: 1 } });
		expect(answer).toEqual({ status: 'OK', message: 'The key works' });
	});

	it.each([
		['permission_denied', 'This key may not read the balance'],
		['insufficient_permissions', 'Insufficient permission to read the balance'],
	])('that may not read the balance works (%s)', async (error_code, message) => {
		expect(await check(403, { code: 403, message, error_code })).toEqual({
			status: 'OK',
			message: 'The key works, but may not read the balance',
		});
	});

	it.each([
		[403, { code: 403, message: 'Forbidden' }],
		[403, { code: 403, message: 'Account suspended', error_code: 'account_suspended' }],
		[401, { code: 401, message: 'Unauthorized', error_code: 'invalid_key' }],
		[402, { code: 402, message: 'Insufficient credits' }],
		[500, { code: 500, message: 'x' }],
	])('that is refused with HTTP %i and %j does not', async (status, body) => {
		expect(await check(status, body)).toMatchObject({
			status: 'Error',
			message: expect.stringContaining(body.message),
		});
	});

	it('is not repeated', async () => {
		const { message } = await check(401, { code: 401, message: `No such key: ${KEY}` });
		expect(message).toContain('No such key: ***');
	});
});
