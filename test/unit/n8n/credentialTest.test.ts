/** What "Test" of the credential says. */
import { describe, expect, it } from '@jest/globals';
import type { ICredentialsDecrypted, ICredentialTestFunctions } from 'n8n-workflow';
import { testWaveSpeedApi } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/credentialTest';

const KEY = 'wsk_secret_0123456789';

async function check(statusCode: number, body: object | Promise<object>) {
	const helpers = { request: async () => ({ statusCode, headers: {}, body: await body }) };
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
			message: 'The key works but is not allowed to read the balance',
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

	it.each<[object, string]>([
		[{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'NODE_EXTRA_CA_CERTS'],
		[{ code: 'ECONNREFUSED' }, 'WaveSpeed could not be reached: the connection was refused'],
		[{}, 'Bad: ***'],
	])('without a response (%j) says why', async (more, words) => {
		const error = Object.assign(new Error(`Bad: ${KEY}`), more);
		const { message } = await check(200, Promise.reject(error));
		expect(message).toContain(words);
		expect(message).not.toContain(KEY);
	});

	it('behind a proxy that wants a password is not called wrong', async () => {
		const { message } = await check(407, {});
		expect(message).toMatch(/^The proxy requires a user name and password .*HTTPS_PROXY.*NO_PROXY/);
	});

	it('is not repeated', async () => {
		const { message } = await check(401, { code: 401, message: `No such key: ${KEY}` });
		expect(message).toContain('No such key: ***');
	});
});
