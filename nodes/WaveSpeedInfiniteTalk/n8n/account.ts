/** The account that the node's credential is for, and its key. */
import { createHash } from 'crypto';
import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IWebhookFunctions,
} from 'n8n-workflow';
import { normalizeBaseUrl } from '../api/urls';
import type { JobError } from '../errors/jobError';
import { jobError } from '../errors/jobError';
import { toResult } from '../shared/result';

export const CREDENTIAL = 'waveSpeedInfiniteTalkApi';

/** Where n8n hands out credentials. */
export type AccountContext = IExecuteFunctions | ILoadOptionsFunctions | IWebhookFunctions;

/** Where a credential leads. */
export interface Account {
	/** Of the API, without trailing slash. */
	baseUrl: string;
	/** Digest of base URL and key: equal for two credentials of the same key, and tells nothing of it. */
	accountId: string;
}

/**
 * The account that the credential of this node is for.
 *
 * @throws JobError when the credential cannot work
 */
export async function readAccount(context: AccountContext): Promise<Account> {
	const stored = await toResult(context.getCredentials(CREDENTIAL));
	if ('error' in stored) {
		throw credentialError(
			stored.error,
			'Select or create a WaveSpeed API credential in this node: the selected one was deleted, or n8n cannot read it.',
		);
	}
	const key = keyOf(stored.value);
	if (key === '') {
		throw credentialError(
			new Error('The API Key in the WaveSpeed API credential is empty'),
			'Open the credential and paste your key from wavespeed.ai/accesskey.',
		);
	}
	try {
		const baseUrl = normalizeBaseUrl(String(stored.value.baseUrl ?? ''));
		const accountId = createHash('sha256')
			.update(JSON.stringify([baseUrl, key]))
			.digest('hex');
		return { baseUrl, accountId };
	} catch (error) {
		throw credentialError(error, 'Open the credential and fix its Base URL.');
	}
}

function credentialError(error: unknown, advice: string): JobError {
	return jobError((error as Error).message, advice, { step: 'check' });
}

/** The key that will be sent, to be taken out of all that comes back; empty when there is none. */
export async function readKey(context: AccountContext): Promise<string> {
	// A credential that cannot be read fails the request itself, in n8n's words.
	const result = await toResult(context.getCredentials(CREDENTIAL));
	return 'value' in result ? keyOf(result.value) : '';
}

/** As the credential sends it. */
function keyOf({ apiKey }: ICredentialDataDecryptedObject): string {
	return String(apiKey ?? '').replace(/\s+/g, '');
}
