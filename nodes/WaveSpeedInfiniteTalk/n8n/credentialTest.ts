/** The test behind "Connection tested successfully" of the credential. */
import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	INodeCredentialTestResult,
} from 'n8n-workflow';
import { WaveSpeedInfiniteTalkApi } from '../../../credentials/WaveSpeedInfiniteTalkApi.credentials';
import { KEY_NOT_SENT, normalizeBaseUrl } from '../api/urls';
import type { ApiError } from '../api/errors';
import { errorFromResponse, toApiError } from '../api/errors';
import { toJobError } from '../errors/errorMessages';
import { redact } from '../shared/redact';
import { toNoResponseError } from './noResponse';

/**
 * Reads the balance: the cheapest call that needs a working key. Written as a function because n8n's
 * declarative test shows the HTTP status text instead of the service's own sentence.
 */
export async function testWaveSpeedApi(
	this: ICredentialTestFunctions,
	credential: ICredentialsDecrypted,
): Promise<INodeCredentialTestResult> {
	const data = credential.data ?? {};
	const key = String(data.apiKey ?? '').replace(/\s+/g, '');
	try {
		const url = `${normalizeBaseUrl(String(data.baseUrl ?? ''))}/api/v3/balance`;
		const signed = await new WaveSpeedInfiniteTalkApi().authenticate(data, { url });
		const { helpers } = this;
		const response = (await helpers.request({
			method: 'GET',
			uri: url,
			headers: signed.headers,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
			timeout: 15_000,
		})) as { statusCode: number; headers: Record<string, string>; body: unknown };
		const { body } = response;
		const text = redact(key, typeof body === 'string' ? body : (JSON.stringify(body) ?? ''));
		const failure = errorFromResponse(
			{ status: response.statusCode, headers: response.headers, text },
			0,
		);
		if (!failure) return { status: 'OK', message: 'The key works' };
		if (isWorkingKey(failure)) {
			return { status: 'OK', message: 'The key works but is not allowed to read the balance' };
		}
		const { message, advice } = toJobError(failure, { step: 'check' });
		return { status: 'Error', message: `${message}. ${advice}` };
	} catch (error) {
		return { status: 'Error', message: redact(key, describe(error, key)) };
	}
}

/** The credential's own sentence, or why there was no response. */
function describe(error: unknown, key: string): string {
	const { code } = error as { code?: unknown };
	if (typeof code !== 'string' || code === KEY_NOT_SENT) {
		return error instanceof Error ? error.message : String(error);
	}
	const failure = toApiError(toNoResponseError(error, key));
	const { message, advice } = toJobError(failure, { step: 'check' });
	return `${message}. ${advice}`;
}

/** A key that lacks the right to read the balance is known to the service, and may submit jobs. */
function isWorkingKey({ kind, message, details }: ApiError): boolean {
	if (kind !== 'forbidden' || details.errorCode === undefined) return false;
	return !/suspend|disabled|blocked|banned|inactive|expired|revoked/i.test(
		`${details.errorCode} ${message}`,
	);
}
