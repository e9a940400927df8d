/** What "Test" of the credential says. */
import { expect, it } from '@jest/globals';
import type { ICredentialsDecrypted, ICredentialTestFunctions } from 'n8n-workflow';
import { testWaveSpeedApi } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/credentialTest';

const KEY = 'wsk_secret_0123456789';

async function check(statusCode: number, body: object | Promise<object>) {
	const helpers = { request: async () => ({ statusCode, headers: {}, body: await body }) };
	const context = { helpers } as unknown as ICredentialTestFunctions;
	const data = { apiKey: KEY, baseUrl: 'https://api.wavespeed.ai' };
	return await testWaveSpeedApi.call(context, { data } as unknown as ICredentialsDecrypted);
}

const WORKS = 'The key works';
const NO_BALANCE = 'The key works but is not allowed to read the balance';

it.each([
	[200, { code: 200, data: { balance: 1 } }, 'OK', WORKS],
	[403, { code: 403, message: 'No', error_code: 'permission_denied' }, 'OK', NO_BALANCE],
	[403, { code: 403, message: 'No', error_code: 'insufficient_permissions' }, 'OK', NO_BALANCE],
	[403, { code: 403, message: 'Forbidden' }, 'Error', 'Forbidden'],
	[403, { message: 'Suspended', error_code: 'account_suspended' }, 'Error', 'Suspended'],
	[401, { code: 401, message: `No such key: ${KEY}` }, 'Error', 'No such key: ***'],
	[402, { code: 402, message: 'Insufficient credits' }, 'Error', 'Insufficient credits'],
	[500, { code: 500, message: 'x' }, 'Error', 'x'],
	[407, {}, 'Error', 'The proxy requires a user name and password'],
])('HTTP %i with %j: %s, %s', async (status, body, verdict, words) => {
	const answer = await check(status, body);
	expect(answer).toMatchObject({ status: verdict, message: expect.stringContaining(words) });
	expect(answer.message).not.toContain(KEY);
	if (verdict === 'OK') expect(answer.message).toBe(words);
});

it.each<[object, string]>([
	[{ code: 'SELF_SIGNED_CERT_IN_CHAIN' }, 'NODE_EXTRA_CA_CERTS'],
	[{ code: 'ECONNREFUSED' }, 'WaveSpeed could not be reached: the connection was refused'],
	[{}, 'Bad: ***'],
])('no response (%j) says why', async (more, words) => {
	const error = Object.assign(new Error(`Bad: ${KEY}`), more);
	const { message } = await check(200, Promise.reject(error));
	expect(message).toContain(words);
	expect(message).not.toContain(KEY);
});
