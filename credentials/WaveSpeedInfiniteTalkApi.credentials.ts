import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { KEY_NOT_SENT, normalizeBaseUrl } from '../nodes/WaveSpeedInfiniteTalk/api/urls';

export class WaveSpeedInfiniteTalkApi implements ICredentialType {
	name = 'waveSpeedInfiniteTalkApi';

	displayName = 'WaveSpeed API';

	icon: Icon = {
		light: 'file:../icons/wavespeed-infinitetalk.svg',
		dark: 'file:../icons/wavespeed-infinitetalk.dark.svg',
	};

	documentationUrl = 'https://wavespeed.ai/docs/docs-authentication';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			hint: 'From <a href="https://wavespeed.ai/accesskey" target="_blank">wavespeed.ai/accesskey</a>. Works after the first top-up.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.wavespeed.ai',
			hint: 'Change only for a local emulator.',
		},
	];

	/**
	 * Adds the key, and only to requests below the base URL: the credential can also be picked in
	 * other nodes, where the address is whatever somebody typed.
	 *
	 * @throws Error with a sentence for the user
	 */
	authenticate = async (
		credentials: ICredentialDataDecryptedObject,
		request: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> => {
		// Pasted keys often carry spaces or line breaks, and the API answers those with 401.
		const key = String(credentials.apiKey ?? '').replace(/\s+/g, '');
		if (key === '') throw refusal('The API Key of the WaveSpeed credential is empty');
		const baseUrl = normalizeBaseUrl(String(credentials.baseUrl ?? ''));
		const target = new URL(request.url, request.baseURL ?? undefined);
		if (target.origin !== new URL(baseUrl).origin) {
			throw refusal(`The WaveSpeed API key is only sent to ${baseUrl}, not to ${target.host}`);
		}
		return {
			...request,
			disableFollowRedirect: true,
			headers: { ...request.headers, Authorization: `Bearer ${key}` },
		};
	};
}

function refusal(sentence: string): Error {
	return Object.assign(new Error(sentence), { code: KEY_NOT_SENT });
}
