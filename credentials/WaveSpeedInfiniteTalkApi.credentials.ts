import type {
	Icon,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INodeProperties,
} from 'n8n-workflow';
import { KEY_NOT_SENT, normalizeBaseUrl, parseUrl } from '../nodes/WaveSpeedInfiniteTalk/api/urls';

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
			hint: 'Get it at <a href="https://wavespeed.ai/accesskey" target="_blank">wavespeed.ai/accesskey</a>. It works after your first top-up.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.wavespeed.ai',
			hint: 'Change this only to use a local emulator.',
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
		if (key === '') throw refusal('The API Key in the WaveSpeed API credential is empty');
		const baseUrl = normalizeBaseUrl(String(credentials.baseUrl ?? ''));
		for (const target of targetsOf(request)) {
			if (target && isBelow(target, new URL(baseUrl))) continue;
			const where = target ? `to ${target.host}` : 'without a web address';
			throw refusal(`The WaveSpeed API key is only sent to ${baseUrl}, not ${where}`);
		}
		return {
			...request,
			...WITHOUT_REDIRECTS,
			headers: { ...withoutAuthorization(request.headers), Authorization: `Bearer ${key}` },
		};
	};
}

/** For n8n's `httpRequest`, and for its older `request`, which other nodes use. */
const WITHOUT_REDIRECTS = {
	disableFollowRedirect: true,
	maxRedirects: 0,
	followRedirect: false,
	followAllRedirects: false,
};

function isBelow(target: URL, base: URL): boolean {
	const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
	return target.origin === base.origin && `${target.pathname}/`.startsWith(folder);
}

/** Every address in the request: `url`, or `uri` from nodes that use n8n's older `request`. */
function targetsOf(request: IHttpRequestOptions): Array<URL | undefined> {
	const { url, uri, baseURL } = request as Partial<Record<'url' | 'uri' | 'baseURL', string | URL>>;
	const base = baseURL === undefined ? undefined : String(baseURL);
	const given = [url, uri].filter((address) => address !== undefined && address !== '');
	const addresses = given.length > 0 ? given : [base];
	return addresses.map((address) => parseUrl(String(address ?? ''), base || undefined));
}

function withoutAuthorization(headers: IHttpRequestOptions['headers']): IDataObject {
	const others = Object.entries(headers ?? {}).filter(([name]) => !/^authorization$/i.test(name));
	return Object.fromEntries(others);
}

function refusal(sentence: string): Error {
	return Object.assign(new Error(sentence), { code: KEY_NOT_SENT });
}
